"""What the tables of one issuer have in common."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

from devidp.store.database import Database, Row

LONGEST_KEY = 255


class Rows:
    """Rows of one issuer, which is part of every key and every condition."""

    def __init__(self, database: Database, issuer: str) -> None:
        self._database = database
        self._issuer = issuer

    def _write(self, sql: str, parameters: Row) -> None:
        """One statement, atomic."""
        self._database.write(sql, parameters)

    def _claim(self, sql: str, parameters: Row) -> bool:
        """One statement, atomic; ``False`` where it changed nothing, because another request was first."""
        return self._database.execute(sql, parameters) > 0

    def _select(self, columns: str, table: str, at: float, limit: int, criteria: Mapping[str, str | None]) -> list[Row]:
        """Those that live ``at`` this moment, and have the values of the columns that are given; newest first."""
        where, values = self._condition(at, criteria)
        sql = f"SELECT {columns} FROM {table} WHERE {where} ORDER BY purge_at DESC LIMIT ?"  # noqa: S608 - names of ours
        return self._database.rows(sql, (*values, limit))

    def _count(self, table: str, at: float, criteria: Mapping[str, str | None]) -> int:
        where, values = self._condition(at, criteria)
        row = self._database.row(f"SELECT count(*) FROM {table} WHERE {where}", values)  # noqa: S608 - names of ours
        return 0 if row is None else int(row[0])

    def _condition(self, at: float, criteria: Mapping[str, str | None]) -> tuple[str, Row]:
        given = {name: value for name, value in criteria.items() if value is not None}
        where = "".join(f" AND {name} = ?" for name in given)
        return f"issuer = ? AND purge_at > ?{where}", (self._issuer, at, *given.values())


def digest(secret: str) -> str:
    """What is stored in place of a code or token: with 256 random bits in it, one round of SHA-256 is enough."""
    return sha256(secret.encode()).hexdigest()


def key(name: str) -> str:
    """What is stored in place of a name that may be of any length: PostgreSQL indexes 2,700 bytes at most."""
    return name if len(name) <= LONGEST_KEY else digest(name)


def places(values: Collection[object]) -> str:
    """The placeholders of so many values."""
    return ", ".join("?" * len(values))


def load(record: str) -> dict[str, Any]:
    """The fields of a record from its JSON, where tuples are lists."""
    fields: dict[str, Any] = json.loads(record)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
