"""The persistent state of one issuer. Every method is one atomic step."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import fields

from devidp.models import AuthorizationCode, PushedRequest, RefreshToken
from devidp.store import clients
from devidp.store.access_tokens import Amendments, KeptTokens
from devidp.store.clients import Clients
from devidp.store.consents import Consents
from devidp.store.database import Database, Row
from devidp.store.devices import Devices
from devidp.store.failed_logins import MAX_ADDRESSES, PURGE_ADDRESSES, FailedLogins
from devidp.store.grants import Grants, alive
from devidp.store.last_grants import LastGrants
from devidp.store.pushes import Pushes
from devidp.store.replay_cache import ReplayCache
from devidp.store.rows import Rows, digest, key, load, places
from devidp.store.sessions import Sessions

EXPIRING = (
    "authorization_codes", "refresh_tokens", "sessions", "revocations", "used_ids", "pushed_requests", "device_codes",
    "kept_tokens", "grants", "amendments", "granted_scopes", "failed_logins", "pushes",
)  # fmt: skip
"""Tables of what the issuers gave out."""
PURGES = tuple(f"DELETE FROM {table} WHERE purge_at < ?" for table in EXPIRING)  # noqa: S608
LASTING = ("revocations", "used_ids")
"""What no reset forgets: what was revoked or used up would count again."""
CLEARS = tuple(f"DELETE FROM {each}" for each in (*EXPIRING, "consents", "clients") if each not in LASTING)  # noqa: S608


class Store(Rows):
    """Tables with a class of their own are attributes."""

    def __init__(self, database: Database, issuer: str) -> None:
        super().__init__(database, issuer)
        self.replay_cache = ReplayCache(database, issuer)
        self.clients = Clients(database, issuer)
        self.devices = Devices(database, issuer)
        self.kept_tokens = KeptTokens(database, issuer)
        self.grants = Grants(database, issuer)
        self.amendments = Amendments(database, issuer)
        self.failed_logins = FailedLogins(database, issuer)
        self.last_grants = LastGrants(database, issuer)
        self.pushes = Pushes(database, issuer)
        self.sessions = Sessions(database, issuer)
        self.consents = Consents(database, issuer)

    def at_once(self) -> AbstractContextManager[object]:
        """Writes inside are one atomic step, and one wait for the disk."""
        return self._database.transaction()

    # authorization codes

    def add_code(self, code: str, record: AuthorizationCode) -> None:
        self._write(
            "INSERT INTO authorization_codes (hash, issuer, client_id, username, grant_id, record, purge_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            self._token_row(code, record),
        )

    def find_code(self, code: str) -> AuthorizationCode | None:
        row = self._database.row(
            "SELECT record, used_at FROM authorization_codes WHERE hash = ? AND issuer = ?",
            (digest(code), self._issuer),
        )
        return None if row is None else AuthorizationCode(**load(row[0]), used_at=row[1])

    def consume_code(
        self, code: str, at: int, keep_until: int, successor: str | None, refresh: RefreshToken | None
    ) -> bool:
        """Use up ``code`` and store its refresh token; ``False`` where another request was first.

        The row stays until ``keep_until``, so that a replay is recognised while any of its tokens lives.
        """
        with self.at_once():
            claimed = self._claim(
                "UPDATE authorization_codes SET used_at = ?, purge_at = ?"
                " WHERE hash = ? AND issuer = ? AND used_at IS NULL",
                (at, keep_until, digest(code), self._issuer),
            )
            if claimed and successor and refresh:
                self.add_refresh_token(successor, refresh)
            return claimed

    # refresh tokens

    def add_refresh_token(self, token: str, record: RefreshToken) -> None:
        self._write(
            "INSERT INTO refresh_tokens (hash, issuer, client_id, username, grant_id, record, purge_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            self._token_row(token, record),
        )

    def find_refresh_token(self, token: str) -> RefreshToken | None:
        row = self._database.row(
            "SELECT record, used_at FROM refresh_tokens WHERE hash = ? AND issuer = ?", (digest(token), self._issuer)
        )
        return None if row is None else RefreshToken(**load(row[0]), used_at=row[1])

    def rotate_refresh_token(self, token: str, at: int, successor: str, record: RefreshToken) -> bool:
        """Use up ``token`` and store ``successor``; ``False`` where another request was first."""
        with self.at_once():
            claimed = self._claim(
                "UPDATE refresh_tokens SET used_at = ? WHERE hash = ? AND issuer = ? AND used_at IS NULL",
                (at, digest(token), self._issuer),
            )
            if claimed:
                self.add_refresh_token(successor, record)
            return claimed

    def _token_row(self, token: str, record: AuthorizationCode | RefreshToken) -> Row:
        names = record.client_id, record.username, record.grant_id
        return digest(token), self._issuer, *names, _dump(record), record.expires_at

    def refresh_tokens_of(self, grant_ids: Sequence[str]) -> dict[str, RefreshToken]:
        """By grant, the refresh token that can be used; one that was used, where there is no other."""
        if not grant_ids:
            return {}
        rows = self._database.rows(
            f"SELECT record, used_at FROM refresh_tokens WHERE issuer = ? AND grant_id IN ({places(grant_ids)})"  # noqa: S608
            " ORDER BY used_at IS NULL, used_at",
            (self._issuer, *grant_ids),
        )
        found = (RefreshToken(**load(record), used_at=used_at) for record, used_at in rows)
        return {each.grant_id: each for each in found}

    # revocations of single tokens, by their jti

    def revoke(self, token_id: str, keep_until: int) -> None:
        self._write(
            "INSERT INTO revocations (issuer, id, purge_at) VALUES (?, ?, ?)"
            " ON CONFLICT (issuer, id) DO UPDATE SET purge_at = excluded.purge_at"
            " WHERE revocations.purge_at < excluded.purge_at",
            (self._issuer, key(token_id), keep_until),
        )

    def is_good(self, token_id: str, grant_id: str | None = None) -> bool:
        """Whether neither the token was revoked, nor the grant that it belongs to has ended."""
        goes_on, parameters = ("SELECT 1", ()) if grant_id is None else alive(grant_id)
        row = self._database.row(
            f"{goes_on} WHERE NOT EXISTS (SELECT 1 FROM revocations WHERE issuer = ? AND id = ?)",  # noqa: S608
            (*parameters, self._issuer, key(token_id)),
        )
        return row is not None and bool(row[0])

    # pushed authorization requests

    def add_pushed_request(self, reference: str, record: PushedRequest) -> None:
        self._write(
            "INSERT INTO pushed_requests (hash, issuer, record, purge_at) VALUES (?, ?, ?, ?)",
            (digest(reference), self._issuer, _dump(record), record.expires_at),
        )

    def find_pushed_request(self, reference: str) -> PushedRequest | None:
        row = self._database.row(
            "SELECT record FROM pushed_requests WHERE hash = ? AND issuer = ?", (digest(reference), self._issuer)
        )
        return None if row is None else PushedRequest(**load(row[0]))

    def remove_pushed_request(self, reference: str) -> bool:
        """Use up ``reference``; ``False`` where another request was first."""
        return self._claim(
            "DELETE FROM pushed_requests WHERE hash = ? AND issuer = ?", (digest(reference), self._issuer)
        )


def purge(database: Database, at: int, machine_at: int) -> int:
    """Delete every row of every issuer that has expired; the number of rows.

    ``at`` is by the clock of devidp, ``machine_at`` by that of the machine: the one may be set back, so what was used
    or revoked stays until both have passed it. Registrations follow the clock of devidp alone.
    """
    deleted = 0
    with database.transaction() as transaction:
        for statement in PURGES:
            deleted += transaction.execute(statement, (min(at, machine_at),))
        deleted += clients.purge(transaction, at)
        deleted += transaction.execute(PURGE_ADDRESSES, (MAX_ADDRESSES,))
    return deleted


def clear(database: Database) -> None:
    """Delete what every issuer gave out and registered; keys, overrides and what is ``LASTING`` stay."""
    with database.transaction() as transaction:
        for statement in CLEARS:
            transaction.execute(statement)


def _dump(record: AuthorizationCode | RefreshToken | PushedRequest) -> str:
    return json.dumps({name: getattr(record, name) for name in _STORED[type(record)]})


_STORED = {
    kind: tuple(each.name for each in fields(kind) if each.name != "used_at")
    for kind in (AuthorizationCode, RefreshToken, PushedRequest)
}
"""The fields of a record that its text holds; ``used_at`` has a column of its own."""
