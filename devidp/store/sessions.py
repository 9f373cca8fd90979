"""The login sessions of browsers at one issuer."""

from __future__ import annotations

import json

from devidp.models import Session
from devidp.store.rows import Rows, digest, load


class Sessions(Rows):
    """A browser knows its session by a secret id, of which only the hash is here; clients know it by ``sid``."""

    def add(self, session_id: str, session: Session) -> None:
        self._write(
            "INSERT INTO sessions (hash, issuer, username, sid, record, purge_at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                digest(session_id), self._issuer, session.username, session.sid, json.dumps(session._asdict()),
                session.expires_at,
            ),
        )  # fmt: skip

    def find(self, session_id: str) -> Session | None:
        row = self._database.row(
            "SELECT record FROM sessions WHERE hash = ? AND issuer = ?", (digest(session_id), self._issuer)
        )
        return None if row is None else Session(**load(row[0]))

    def remove(self, session_id: str) -> None:
        self._write("DELETE FROM sessions WHERE hash = ? AND issuer = ?", (digest(session_id), self._issuer))

    def sids_of(self, username: str) -> tuple[str, ...]:
        """The sessions of the user, by the name that clients know."""
        rows = self._database.rows(
            "SELECT DISTINCT sid FROM sessions WHERE issuer = ? AND username = ? AND sid <> ''",
            (self._issuer, username),
        )
        return tuple(row[0] for row in rows)

    def remove_all_of(self, username: str) -> None:
        self._write("DELETE FROM sessions WHERE issuer = ? AND username = ?", (self._issuer, username))

    def select(self, at: float, limit: int, **criteria: str | None) -> list[Session]:
        """Those that have not expired ``at`` this moment, newest first, by ``username`` or ``sid``."""
        rows = self._select("record", "sessions", at, limit, criteria)
        return [Session(**load(row[0])) for row in rows]

    def count(self, at: float, **criteria: str | None) -> int:
        return self._count("sessions", at, criteria)
