"""Opaque access tokens of one issuer: what a JWT would say, under the hash of the token."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from devidp.store.database import Database
from devidp.store.digest import digest


@dataclass(frozen=True, slots=True)
class OpaqueTokens:
    """``issuer`` is part of every key and every condition."""

    database: Database
    issuer: str

    def add(self, token: str, claims: dict[str, Any]) -> None:
        with self.database.transaction() as transaction:
            transaction.execute(
                "INSERT INTO opaque_tokens (hash, issuer, claims, purge_at) VALUES (?, ?, ?, ?)",
                (digest(token), self.issuer, json.dumps(claims), claims["exp"]),
            )

    def find(self, token: str) -> dict[str, Any] | None:
        row = self.database.row(
            "SELECT claims FROM opaque_tokens WHERE hash = ? AND issuer = ?", (digest(token), self.issuer)
        )
        found: dict[str, Any] | None = None if row is None else json.loads(row[0])
        return found
