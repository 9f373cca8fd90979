"""The last grant of each user to each client, for each audience."""

from __future__ import annotations

import json
from collections.abc import Iterable

from devidp.store.rows import Rows, key


class LastGrants(Rows):
    """Scopes by client, user and ``audience``, which is one text, whatever it stands for."""

    def keep(
        self, client_id: str, username: str, audience: str, grant_id: str, scopes: Iterable[str], keep_until: int
    ) -> None:
        """In place of what was granted before."""
        self._write(
            "INSERT INTO granted_scopes"
            " (issuer, client_id, username, audience, grant_id, scopes, purge_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (issuer, client_id, username, audience) DO UPDATE"
            " SET grant_id = excluded.grant_id, scopes = excluded.scopes, purge_at = excluded.purge_at",
            (self._issuer, client_id, username, key(audience), grant_id, json.dumps(list(scopes)), keep_until),
        )

    def find(self, client_id: str, username: str, audience: str, at: float) -> tuple[str, tuple[str, ...]] | None:
        """The grant and its scopes; ``None`` where there is none that may have tokens ``at`` this moment."""
        row = self._database.row(
            "SELECT grant_id, scopes FROM granted_scopes"
            " WHERE issuer = ? AND client_id = ? AND username = ? AND audience = ? AND purge_at > ?",
            (self._issuer, client_id, username, key(audience), at),
        )
        return None if row is None else (row[0], tuple(json.loads(row[1])))
