"""What the tables of one issuer have in common."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from devidp.store.database import Database, Row


class Rows:
    """Rows of one issuer, which is part of every key and every condition."""

    def __init__(self, database: Database, issuer: str) -> None:
        self._database = database
        self._issuer = issuer

    def _write(self, sql: str, parameters: Row) -> bool:
        """One statement, atomic; ``False`` where it changed nothing, because another request was first."""
        with self._database.transaction() as transaction:
            return transaction.execute(sql, parameters) > 0


def digest(secret: str) -> str:
    """What is stored in place of a code or token: with 256 random bits in it, one round of SHA-256 is enough."""
    return sha256(secret.encode()).hexdigest()


def load(record: str) -> dict[str, Any]:
    """The fields of a record from its JSON, where tuples are lists."""
    fields: dict[str, Any] = json.loads(record)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
