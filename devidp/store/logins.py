"""Which clients each session has logged in to."""

from __future__ import annotations

from dataclasses import dataclass

from devidp.models import Login
from devidp.store.database import Database


@dataclass(frozen=True, slots=True)
class Logins:
    """``issuer`` is part of every key and every condition."""

    database: Database
    issuer: str

    def add(self, sid: str, login: Login, keep_until: int) -> None:
        with self.database.transaction() as transaction:
            transaction.execute(
                "INSERT INTO logins (issuer, sid, grant_id, client_id, offline, purge_at) VALUES (?, ?, ?, ?, ?, ?)",
                (self.issuer, sid, login.grant_id, login.client_id, int(login.offline), keep_until),
            )

    def extend(self, sid: str, keep_until: int) -> None:
        """The session goes on."""
        with self.database.transaction() as transaction:
            transaction.execute(
                "UPDATE logins SET purge_at = ? WHERE issuer = ? AND sid = ?", (keep_until, self.issuer, sid)
            )

    def clients(self, sid: str) -> tuple[str, ...]:
        """The ids of the clients that the session has logged in to."""
        rows = self.database.rows(
            "SELECT DISTINCT client_id FROM logins WHERE issuer = ? AND sid = ?", (self.issuer, sid)
        )
        return tuple(row[0] for row in rows)

    def end(self, sid: str) -> tuple[Login, ...]:
        """End the session; what it has logged in to, which only the first of several requests is told."""
        with self.database.transaction() as transaction:
            transaction.execute("DELETE FROM sessions WHERE issuer = ? AND sid = ?", (self.issuer, sid))
            rows = transaction.rows(
                "DELETE FROM logins WHERE issuer = ? AND sid = ? RETURNING client_id, grant_id, offline",
                (self.issuer, sid),
            )
        return tuple(Login(client_id, grant_id, bool(offline)) for client_id, grant_id, offline in rows)
