"""Tables for a new database, and the upgrade of an older one.

``PRAGMA user_version`` counts the steps that a database has seen.
"""

from __future__ import annotations

import sqlite3

from devidp.store import steps
from devidp.store.database import Database, StoreError, unusable
from devidp.store.tables import TABLES, VERSION


def migrate(database: Database) -> None:
    """Create or upgrade the tables; raises StoreError for a database of a newer devidp, or one that is damaged."""
    connection = database.connection
    try:
        if database.path is not None:
            connection.execute("PRAGMA journal_mode = WAL")
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise StoreError(
                f"The database {database.path} is of a newer devidp (schema {version}, this one knows {VERSION}). "
                "Upgrade devidp, or choose another --data folder"
            )
        if version < VERSION:
            _forget_deleted(connection, version)
            _upgrade(connection, version)
            _empty_log(connection, version)
    except sqlite3.DatabaseError as error:
        raise unusable(database.path, error) from error


def _forget_deleted(connection: sqlite3.Connection, version: int) -> None:
    """What was deleted, or a step deletes, is to be gone from the file too."""
    if version:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("VACUUM")


def _empty_log(connection: sqlite3.Connection, version: int) -> None:
    """What was deleted is to be gone from the write-ahead log as well."""
    if version:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _upgrade(connection: sqlite3.Connection, version: int) -> None:
    # DDL is transactional in SQLite: an upgrade that is killed leaves the old schema whole
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version:
            steps.run(connection, version)
        else:
            for statement in TABLES.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
