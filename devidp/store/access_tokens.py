"""Access tokens that have rows: opaque ones, and those with amended introspection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from devidp.store.rows import Rows, digest


class OpaqueTokens(Rows):
    """The claims, under the hash of the token."""

    def add(self, token: str, claims: dict[str, Any]) -> None:
        self._write(
            "INSERT INTO opaque_tokens (hash, issuer, claims, purge_at) VALUES (?, ?, ?, ?)",
            (digest(token), self._issuer, json.dumps(claims), claims["exp"]),
        )

    def find(self, token: str) -> dict[str, Any] | None:
        row = self._database.row(
            "SELECT claims FROM opaque_tokens WHERE hash = ? AND issuer = ?", (digest(token), self._issuer)
        )
        claims: dict[str, Any] | None = None if row is None else json.loads(row[0])
        return claims


class Amendments(Rows):
    """Faults of state: members that introspection returns for a token in place of its claims, by ``jti``."""

    def add(self, token_id: str, members: Mapping[str, Any], keep_until: int) -> None:
        """Have introspection answer ``members`` beside, or in place of, the claims of the token."""
        self._write(
            "INSERT INTO amendments (issuer, token_id, members, purge_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (issuer, token_id) DO UPDATE SET members = excluded.members, purge_at = excluded.purge_at",
            (self._issuer, token_id, json.dumps(dict(members)), keep_until),
        )

    def find(self, token_id: str) -> Mapping[str, Any]:
        """The amended members; empty for a token as it was issued."""
        row = self._database.row(
            "SELECT members FROM amendments WHERE issuer = ? AND token_id = ?", (self._issuer, token_id)
        )
        return {} if row is None else json.loads(row[0])
