"""Registered clients of one issuer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from devidp.models import Registration
from devidp.store.database import Row, Transaction
from devidp.store.rows import Rows, digest

MAX_UNUSED = 10_000
"""Registrations without a token that an issuer keeps; of more, the oldest are deleted."""
MAX_USED = 10_000
"""Registrations with tokens that an issuer keeps; of more, the oldest are deleted of which nothing lives any more."""

_EXPIRED = "DELETE FROM clients WHERE purge_at < ? RETURNING issuer, client_id"
_UNUSED = """
    DELETE FROM clients WHERE (issuer, client_id) IN (SELECT issuer, client_id FROM (
        SELECT issuer, client_id, row_number() OVER (PARTITION BY issuer ORDER BY created_at DESC, client_id) AS place
        FROM clients WHERE purge_at IS NOT NULL) AS placed WHERE place > ?)
    RETURNING issuer, client_id
"""
_TOO_MANY_USED = "SELECT 1 FROM clients WHERE purge_at IS NULL GROUP BY issuer HAVING count(*) > ?"
_USED = """
    DELETE FROM clients WHERE (issuer, client_id) IN (SELECT issuer, client_id FROM (
        SELECT issuer, client_id, row_number() OVER (PARTITION BY issuer ORDER BY created_at DESC, client_id) AS place
        FROM clients WHERE purge_at IS NULL) AS placed WHERE place > ?)
    AND (issuer, client_id) NOT IN (SELECT issuer, client_id FROM grants WHERE ended = 0)
    RETURNING issuer, client_id
"""


def purge(transaction: Transaction, at: int) -> int:
    """Delete registrations that have expired or are too many, with what was granted to them; the number deleted."""
    gone = transaction.rows(_EXPIRED, (at,))
    gone += transaction.rows(_UNUSED, (MAX_UNUSED,))
    # whether anything of a client lives takes a look at every authorization: not every minute
    if transaction.row(_TOO_MANY_USED, (MAX_USED,)):
        gone += transaction.rows(_USED, (MAX_USED,))
    for key in gone:
        for statement in _BELONGINGS:
            transaction.execute(statement, key)
    return len(gone)


class Clients(Rows):
    def add(self, client_id: str, registration: Registration, access_token: str | None) -> None:
        """Store a new client; without an ``access_token`` nobody can change it."""
        self._write(
            "INSERT INTO clients (issuer, client_id, record, created_at, secret_generation, purge_at, access_hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self._issuer, client_id, json.dumps(registration.metadata), registration.registered_at,
                registration.secret_generation, registration.expires_at, access_token and digest(access_token),
            ),
        )  # fmt: skip

    def find(self, client_id: str) -> Registration | None:
        row = self._database.row(f"{_SELECT} WHERE issuer = ? AND client_id = ?", (self._issuer, client_id))
        return None if row is None else _registration(row)

    def find_managed(self, client_id: str, access_token: str) -> Registration | None:
        """The registration that ``access_token`` may read and change."""
        row = self._database.row(
            f"{_SELECT} WHERE issuer = ? AND client_id = ? AND access_hash = ?",
            (self._issuer, client_id, digest(access_token)),
        )
        return None if row is None else _registration(row)

    def replace(self, client_id: str, access_token: str, successor: str, registration: Registration) -> bool:
        """Change what ``access_token`` may change, and use it up; ``False`` where another request was first."""
        return self._claim(
            "UPDATE clients SET record = ?, secret_generation = ?, access_hash = ?"
            " WHERE issuer = ? AND client_id = ? AND access_hash = ?",
            (
                json.dumps(registration.metadata), registration.secret_generation, digest(successor),
                self._issuer, client_id, digest(access_token),
            ),
        )  # fmt: skip

    def select(self, part: str, limit: int) -> list[tuple[str, Registration]]:
        """Those with ``part`` in their id or metadata, newest first; of ASCII letters the case is not looked at."""
        where, values = self._with(part)
        rows = self._database.rows(
            f"SELECT client_id, record, created_at, secret_generation, purge_at FROM clients {where}"  # noqa: S608
            " ORDER BY created_at DESC, client_id LIMIT ?",
            (*values, limit),
        )
        return [(client_id, _registration(row)) for client_id, *row in rows]

    def count(self, part: str) -> int:
        where, values = self._with(part)
        row = self._database.row(f"SELECT count(*) FROM clients {where}", values)  # noqa: S608
        return 0 if row is None else int(row[0])

    def _with(self, part: str) -> tuple[str, Row]:
        # as it is in the JSON of the record
        text = json.dumps(part)[1:-1].lower()
        for special in ("\\", "%", "_"):
            text = text.replace(special, f"\\{special}")
        where = "WHERE issuer = ? AND (lower(client_id) LIKE ? ESCAPE '\\' OR lower(record) LIKE ? ESCAPE '\\')"
        return where, (self._issuer, f"%{text}%", f"%{text}%")

    def keep(self, client_id: str) -> None:
        """The client has been used: it stays."""
        self._write("UPDATE clients SET purge_at = NULL WHERE issuer = ? AND client_id = ?", (self._issuer, client_id))

    def remove_managed(self, client_id: str, access_token: str) -> bool:
        """Delete the client with all that it has; ``False`` where ``access_token`` may not."""
        with self._database.transaction():
            managed = self.find_managed(client_id, access_token) is not None
            if managed:
                self.remove(client_id)
        return managed

    def remove(self, client_id: str) -> None:
        """Delete the client with its codes, tokens of users, and consents."""
        with self._database.transaction() as transaction:
            for statement in _REMOVALS:
                transaction.execute(statement, (self._issuer, client_id))


def _registration(row: Sequence[Any]) -> Registration:
    record, *others = row
    return Registration(json.loads(record), *others)


_SELECT = "SELECT record, created_at, secret_generation, purge_at FROM clients"
_BELONGINGS = (
    "DELETE FROM consents WHERE issuer = ? AND client_id = ?",
    "DELETE FROM granted_scopes WHERE issuer = ? AND client_id = ?",
)
_REMOVALS = (
    "DELETE FROM clients WHERE issuer = ? AND client_id = ?",
    "DELETE FROM authorization_codes WHERE issuer = ? AND client_id = ?",
    "DELETE FROM refresh_tokens WHERE issuer = ? AND client_id = ?",
    "DELETE FROM grants WHERE issuer = ? AND client_id = ?",
    *_BELONGINGS,
)
