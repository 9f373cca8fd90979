"""The steps that bring a database to the newest tables, from any version, with sqlite-utils.

A step is never changed once released: a change of the schema is a new step at the end. `make derived` then writes
the tables that a new database gets at once (``devidp.store.tables``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import sqlite_utils


def _first_tables(db: sqlite_utils.Database) -> None:
    keyed_by_hash = {"hash": str, "issuer": str, "username": str, "grant_id": str, "record": str}
    db.table("authorization_codes").create({**keyed_by_hash, "used_at": int, "purge_at": int}, pk="hash")
    db.table("refresh_tokens").create({**keyed_by_hash, "used_at": int, "purge_at": int}, pk="hash")
    db.table("sessions").create(
        {"hash": str, "issuer": str, "username": str, "record": str, "purge_at": int}, pk="hash"
    )
    db.table("revocations").create({"issuer": str, "id": str, "purge_at": int}, pk=("issuer", "id"))
    db.table("consents").create(
        {"issuer": str, "client_id": str, "username": str, "scopes": str, "granted_at": int},
        pk=("issuer", "client_id", "username"),
    )
    db.table("clients").create(
        {"issuer": str, "client_id": str, "record": str, "created_at": int}, pk=("issuer", "client_id")
    )
    for table in ("authorization_codes", "refresh_tokens", "sessions", "revocations"):
        db.table(table).create_index(["purge_at"])


def _used_ids(db: sqlite_utils.Database) -> None:
    db.table("used_ids").create({"issuer": str, "hash": str, "purge_at": int}, pk=("issuer", "hash"))
    db.table("used_ids").create_index(["purge_at"])


def _controls(db: sqlite_utils.Database) -> None:
    db.table("controls").create({"generation": int, "run": str, "text": str}, pk="generation")


def _managed_clients(db: sqlite_utils.Database) -> None:
    clients = db.table("clients")
    clients.add_column("access_hash", str)
    clients.add_column("secret_generation", int, not_null_default=0)
    clients.add_column("purge_at", int)
    clients.create_index(["purge_at"])


def _pushed_requests(db: sqlite_utils.Database) -> None:
    db.table("pushed_requests").create({"hash": str, "issuer": str, "record": str, "purge_at": int}, pk="hash")
    db.table("pushed_requests").create_index(["purge_at"])


def _device_codes(db: sqlite_utils.Database) -> None:
    db.table("device_codes").create(
        {
            "hash": str, "issuer": str, "user_code": str, "record": str, "decision": str,
            "interval": int, "polled_at": float, "used_at": int, "purge_at": int,
        },
        pk="hash",
    )  # fmt: skip
    db.table("device_codes").create_index(["issuer", "user_code"], unique=True)
    db.table("device_codes").create_index(["purge_at"])


def _logins_of_sessions(db: sqlite_utils.Database) -> None:
    db.table("sessions").add_column("sid", str)
    db.table("sessions").create_index(["issuer", "sid"])
    db.table("logins").create(
        {"issuer": str, "sid": str, "grant_id": str, "client_id": str, "offline": int, "purge_at": int},
        pk=("issuer", "grant_id"),
    )
    db.table("logins").create_index(["issuer", "sid"])
    db.table("logins").create_index(["purge_at"])


def _amendments(db: sqlite_utils.Database) -> None:
    columns = {"issuer": str, "token_id": str, "members": str, "purge_at": int}
    db.table("amendments").create(columns, pk=("issuer", "token_id"))
    db.table("amendments").create_index(["purge_at"])


def _opaque_tokens(db: sqlite_utils.Database) -> None:
    db.table("opaque_tokens").create({"hash": str, "issuer": str, "claims": str, "purge_at": int}, pk="hash")
    db.table("opaque_tokens").create_index(["purge_at"])


def _granted_scopes(db: sqlite_utils.Database) -> None:
    columns = ("issuer", "client_id", "username", "audience", "grant_id", "scopes")
    db.table("granted_scopes").create({**dict.fromkeys(columns, str), "purge_at": int}, pk=columns[:4])
    db.table("granted_scopes").create_index(["purge_at"])


def _sealed_controls(db: sqlite_utils.Database) -> None:
    """What an earlier run was told is over, and was kept with passwords and secrets as they are."""
    db.execute("DELETE FROM controls")


def _failed_logins(db: sqlite_utils.Database) -> None:
    columns = {"issuer": str, "address": str, "failures": int, "purge_at": int}
    db.table("failed_logins").create(columns, pk=("issuer", "address"))
    db.table("failed_logins").create_index(["purge_at"])


def _longest_lifetimes(db: sqlite_utils.Database) -> None:
    db.table("lifetimes").create({"issuer": str, "seconds": int, "purge_at": int}, pk=("issuer", "seconds"))


Step = Callable[[sqlite_utils.Database], None]
STEPS: tuple[Step, ...] = (
    _first_tables,
    _used_ids,
    _controls,
    _managed_clients,
    _pushed_requests,
    _device_codes,
    _logins_of_sessions,
    _amendments,
    _opaque_tokens,
    _granted_scopes,
    _sealed_controls,
    _failed_logins,
    _longest_lifetimes,
)


def run(connection: sqlite3.Connection, version: int) -> None:
    """Every step after ``version``, inside the transaction that is open."""
    db = sqlite_utils.Database(connection, execute_plugins=False)
    for step in STEPS[version:]:
        step(db)
