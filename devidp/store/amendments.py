"""What introspection says of single tokens in place of what they say themselves: faults of state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from devidp.store.database import Database


class Amendments:
    """The amended tokens of one issuer, by ``jti``."""

    def __init__(self, database: Database, issuer: str) -> None:
        self._database = database
        self._issuer = issuer

    def add(self, token_id: str, members: Mapping[str, Any], keep_until: int) -> None:
        """Have introspection answer ``members`` beside, or in place of, the claims of the token."""
        with self._database.transaction() as transaction:
            transaction.execute(
                "INSERT INTO amendments (issuer, token_id, members, purge_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (issuer, token_id)"
                " DO UPDATE SET members = excluded.members, purge_at = excluded.purge_at",
                (self._issuer, token_id, json.dumps(dict(members)), keep_until),
            )

    def find(self, token_id: str) -> Mapping[str, Any]:
        """What was amended; empty for a token as it was issued."""
        row = self._database.row(
            "SELECT members FROM amendments WHERE issuer = ? AND token_id = ?", (self._issuer, token_id)
        )
        return {} if row is None else json.loads(row[0])
