"""Tokens that have rows: those that do not say themselves what they mean, and those with amended introspection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from devidp.store.rows import Rows, digest, key


class KeptToken(NamedTuple):
    """What a token means."""

    token_type: Literal["access", "id"]
    claims: dict[str, Any]
    """The claims of the specifications."""
    shown: dict[str, Any] | None
    """What it says instead; ``None``: nothing else."""


class KeptTokens(Rows):
    """Opaque access tokens, and JWTs of another shape, under their hash."""

    def add(
        self,
        token: str,
        token_type: Literal["access", "id"],
        claims: dict[str, Any],
        shown: dict[str, Any] | None,
        keep_until: int,
    ) -> None:
        self._write(
            "INSERT INTO kept_tokens (hash, issuer, token_type, claims, shown, purge_at) VALUES (?, ?, ?, ?, ?, ?)"
            # without a jti, two tokens of one second may be one text: it means what the later one was issued for
            " ON CONFLICT (hash) DO UPDATE"
            " SET token_type = excluded.token_type, claims = excluded.claims, shown = excluded.shown",
            (
                digest(token), self._issuer, token_type, json.dumps(claims),
                None if shown is None else json.dumps(shown), keep_until,
            ),
        )  # fmt: skip

    def find(self, token: str) -> KeptToken | None:
        row = self._database.row(
            "SELECT token_type, claims, shown FROM kept_tokens WHERE hash = ? AND issuer = ?",
            (digest(token), self._issuer),
        )
        if row is None:
            return None
        return KeptToken(row[0], json.loads(row[1]), None if row[2] is None else json.loads(row[2]))


class Amendments(Rows):
    """Faults of state: members that introspection returns for a token in place of its claims, by ``jti``."""

    def add(self, token_id: str, members: Mapping[str, Any], keep_until: int) -> None:
        """Have introspection answer ``members`` beside, or in place of, the claims of the token."""
        self._write(
            "INSERT INTO amendments (issuer, token_id, members, purge_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (issuer, token_id) DO UPDATE SET members = excluded.members, purge_at = excluded.purge_at",
            (self._issuer, key(token_id), json.dumps(dict(members)), keep_until),
        )

    def find(self, token: str, token_id: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """What the token says instead of what it means, and the amended members; both are empty as a rule."""
        row = self._database.row(
            "SELECT (SELECT shown FROM kept_tokens WHERE hash = ? AND issuer = ?),"
            " (SELECT members FROM amendments WHERE issuer = ? AND token_id = ?)",
            (digest(token), self._issuer, self._issuer, key(token_id)),
        )
        shown, members = ({} if each is None else json.loads(each) for each in row or (None, None))
        return shown, members
