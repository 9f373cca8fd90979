"""Authorizations that users gave. A token of a user belongs to one, and is good only while its row says so."""

from __future__ import annotations

from devidp.models import Grant, GrantState
from devidp.oauth.identifiers import lineage
from devidp.store.database import Row
from devidp.store.rows import Rows, key, places


def alive(grant_id: str) -> tuple[str, Row]:
    """A query whose one value is whether neither this grant nor one that it came of has ended, and its parameters."""
    needed = _keys(grant_id)
    count = f"SELECT count(*) FROM grants WHERE grant_id IN ({places(needed)}) AND ended = 0"  # noqa: S608
    return f"SELECT ({count}) = ?", (*needed, len(needed))


def _keys(grant_id: str) -> Row:
    return tuple(key(each) for each in lineage(grant_id))


class Grants(Rows):
    """What ended stays so without a date: where the row is deleted, no token of it is good either.

    A grant that came of another one, at any issuer, lives no longer than that; its id begins with the other's.
    """

    def add(self, grant: Grant, keep_until: int) -> None:
        """Store a new one. Where a test chose an id that is there already, that one is kept longer, and stays ended."""
        self._write(
            "INSERT INTO grants (grant_id, issuer, username, client_id, sid, offline, ended, purge_at)"
            " VALUES (?, ?, ?, ?, ?, ?, 0, ?)"
            " ON CONFLICT (grant_id) DO UPDATE SET purge_at = excluded.purge_at"
            " WHERE grants.purge_at < excluded.purge_at",
            (
                key(grant.grant_id), self._issuer, grant.username, grant.client_id, key(grant.sid),
                int(grant.offline), keep_until,
            ),
        )  # fmt: skip

    def keep(self, grant_id: str, keep_until: int) -> None:
        """Something that came of the grant lives until then."""
        kept = _keys(grant_id)
        self._write(
            f"UPDATE grants SET purge_at = ? WHERE grant_id IN ({places(kept)}) AND purge_at < ?",  # noqa: S608
            (keep_until, *kept, keep_until),
        )

    def is_alive(self, grant_id: str) -> bool:
        """Whether neither this grant nor one that it came of has ended."""
        row = self._database.row(*alive(grant_id))
        return row is not None and bool(row[0])

    def end(self, grant_id: str) -> None:
        """End every token of the grant."""
        self._write("UPDATE grants SET ended = 1 WHERE issuer = ? AND grant_id = ?", (self._issuer, key(grant_id)))

    def end_all_of(self, username: str) -> int:
        """End every grant of the user; the number of those that had not ended."""
        return self._database.execute(
            "UPDATE grants SET ended = 1 WHERE issuer = ? AND username = ? AND ended = 0", (self._issuer, username)
        )

    def select(self, at: float, limit: int, **criteria: str | None) -> list[GrantState]:
        """Those of which something may live ``at`` this moment, newest first, by ``username``, ``client_id``, …"""
        columns = "grant_id, client_id, username, sid, offline, purge_at"
        rows = self._select(columns, "grants", at, limit, criteria)
        return [
            GrantState(Grant(grant_id, client_id, user, sid, bool(offline)), self.is_alive(grant_id), keep_until)
            for grant_id, client_id, user, sid, offline, keep_until in rows
        ]

    def count(self, at: float, **criteria: str | None) -> int:
        return self._count("grants", at, criteria)

    # the session of a browser in which they were given

    def session_of(self, grant_id: str) -> str:
        """The session of a grant; empty where there was none, or it has ended."""
        row = self._database.row(
            "SELECT sid FROM grants WHERE issuer = ? AND grant_id = ?", (self._issuer, key(grant_id))
        )
        return "" if row is None else str(row[0])

    def clients_of_session(self, sid: str) -> tuple[str, ...]:
        """The clients that the session has logged in to."""
        rows = self._database.rows(
            "SELECT DISTINCT client_id FROM grants WHERE issuer = ? AND sid = ?", (self._issuer, key(sid))
        )
        return tuple(row[0] for row in rows)

    def extend_session(self, sid: str, keep_until: int) -> None:
        """The session goes on."""
        self._write(
            "UPDATE grants SET purge_at = ? WHERE issuer = ? AND sid = ? AND purge_at < ?",
            (keep_until, self._issuer, sid, keep_until),
        )

    def end_session(self, sid: str, *, grants: bool) -> tuple[str, ...]:
        """End the session, and its ``grants`` but for offline ones; its clients, for the first of several requests."""
        session = self._issuer, key(sid)
        with self._database.transaction() as transaction:
            transaction.execute("DELETE FROM sessions WHERE issuer = ? AND sid = ?", session)
            if grants:
                transaction.execute("UPDATE grants SET ended = 1 WHERE issuer = ? AND sid = ? AND offline = 0", session)
            rows = transaction.rows(
                "UPDATE grants SET sid = '' WHERE issuer = ? AND sid = ? RETURNING client_id", session
            )
        return tuple(dict.fromkeys(row[0] for row in rows))
