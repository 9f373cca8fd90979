"""Which clients each session has logged in to."""

from __future__ import annotations

from devidp.models import Login
from devidp.store.rows import Rows


class Logins(Rows):
    def add(self, sid: str, login: Login, keep_until: int) -> None:
        self._write(
            "INSERT INTO logins (issuer, sid, grant_id, client_id, offline, purge_at) VALUES (?, ?, ?, ?, ?, ?)",
            (self._issuer, sid, login.grant_id, login.client_id, int(login.offline), keep_until),
        )

    def extend(self, sid: str, keep_until: int) -> None:
        """The session goes on."""
        self._write("UPDATE logins SET purge_at = ? WHERE issuer = ? AND sid = ?", (keep_until, self._issuer, sid))

    def clients(self, sid: str) -> tuple[str, ...]:
        rows = self._database.rows(
            "SELECT DISTINCT client_id FROM logins WHERE issuer = ? AND sid = ?", (self._issuer, sid)
        )
        return tuple(row[0] for row in rows)

    def end(self, sid: str) -> tuple[Login, ...]:
        """End the session; its logins, for the first of several requests only."""
        with self._database.transaction() as transaction:
            transaction.execute("DELETE FROM sessions WHERE issuer = ? AND sid = ?", (self._issuer, sid))
            rows = transaction.rows(
                "DELETE FROM logins WHERE issuer = ? AND sid = ? RETURNING client_id, grant_id, offline",
                (self._issuer, sid),
            )
        return tuple(Login(client_id, grant_id, bool(offline)) for client_id, grant_id, offline in rows)
