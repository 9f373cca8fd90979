"""What users have agreed to, for each client."""

from __future__ import annotations

import json
from collections.abc import Iterable

from devidp.models import Consent
from devidp.store.rows import Rows


class Consents(Rows):
    """Kept until they are forgotten: who has agreed once is not asked again."""

    def add(self, client_id: str, username: str, scopes: Iterable[str], at: int) -> None:
        """Remember that the user agreed to ``scopes``, beside those of earlier consents."""
        with self._database.transaction():
            known = self.find(client_id, username)
            self._write(
                "INSERT INTO consents (issuer, client_id, username, scopes, granted_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (issuer, client_id, username)"
                " DO UPDATE SET scopes = excluded.scopes, granted_at = excluded.granted_at",
                (self._issuer, client_id, username, json.dumps(sorted(known | set(scopes))), at),
            )

    def find(self, client_id: str, username: str) -> frozenset[str]:
        row = self._database.row(
            "SELECT scopes FROM consents WHERE issuer = ? AND client_id = ? AND username = ?",
            (self._issuer, client_id, username),
        )
        return frozenset() if row is None else frozenset(json.loads(row[0]))

    def of(self, username: str) -> list[Consent]:
        """Those of the user, newest first."""
        rows = self._database.rows(
            "SELECT client_id, scopes, granted_at FROM consents WHERE issuer = ? AND username = ?"
            " ORDER BY granted_at DESC, client_id",
            (self._issuer, username),
        )
        return [Consent(client_id, tuple(json.loads(scopes)), at) for client_id, scopes, at in rows]

    def forget(self, username: str, client_id: str | None = None) -> int:
        """Have the user, or another one of this name, asked again; the number of consents."""
        where, names = ("", ()) if client_id is None else (" AND client_id = ?", (client_id,))
        with self._database.transaction() as transaction:
            forgotten, _ = (
                transaction.execute(
                    f"DELETE FROM {table} WHERE issuer = ? AND username = ?{where}",  # noqa: S608 - a table of ours
                    (self._issuer, username, *names),
                )
                for table in ("consents", "granted_scopes")
            )
        return forgotten
