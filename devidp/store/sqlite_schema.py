"""Migrates a SQLite database. ``PRAGMA user_version`` counts the migrations that it has seen."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from devidp.store.database import StoreError


def migrate(connection: sqlite3.Connection, path: Path | None, migrations: tuple[str, ...]) -> None:
    """Run the pending ones; raises StoreError for a database of a newer devidp, DatabaseError for a damaged one."""
    if path is not None:
        connection.execute("PRAGMA journal_mode = WAL")
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(migrations):
        raise StoreError(
            f"The database {path} was written by a newer devidp (schema {version}, this one knows {len(migrations)}). "
            "Upgrade devidp, or choose another --data folder"
        )
    if version == len(migrations):
        return
    # DDL is transactional in SQLite: an upgrade that is killed leaves the old schema whole
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version:
            _upgrade(connection, migrations[version:])
        else:
            for statement in migrations:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _upgrade(connection: sqlite3.Connection, statements: tuple[str, ...]) -> None:
    # imported here: it takes a fifth of a start, and almost no start has anything to upgrade
    import sqlite_utils  # noqa: PLC0415

    db = sqlite_utils.Database(connection, execute_plugins=False)
    for statement in statements:
        db.execute(statement)
    broken = db.execute("PRAGMA foreign_key_check").fetchall() + db.execute("PRAGMA integrity_check").fetchall()
    if broken != [("ok",)]:
        raise sqlite3.DatabaseError(f"its content is damaged: {broken[0]}")
