"""The SQLite engine: one database file for the threads of several processes, or a database in memory.

A file is in WAL mode, so that readers do not wait. Writes begin with ``BEGIN IMMEDIATE``, because deferred
transactions fail with SQLITE_BUSY_SNAPSHOT when another process has written.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, get_ident
from typing import TypeVar

from devidp.store import sqlite_schema
from devidp.store.database import Row, StoreError, Transaction
from devidp.store.migrations import MIGRATIONS

T = TypeVar("T")
BUSY_SECONDS = 10.0
"""How long a write waits for another one."""
CHECKPOINT_PAGES = 4_000
"""Of 4 KiB, after which the journal goes into the database: each time waits for the disk."""
DEFECTS = (sqlite3.IntegrityError, sqlite3.ProgrammingError)
"""Errors of devidp and not of the database."""


def open_database(path: Path | None, migrations: Iterable[str] = MIGRATIONS, *, durable: bool = True) -> SQLite:
    """The database at ``path``, or a new one in memory, with the newest tables; raises StoreError.

    Of two processes only one may do this at a time: SQLite changes to WAL mode without waiting for another.
    """
    database = SQLite(path, durable=durable)
    try:
        database.migrate(tuple(migrations))
    except BaseException:
        database.close()
        raise
    return database


class SQLite:
    """Implements ``Database``. Without ``durable`` a power cut may take what was committed, and no write waits."""

    def __init__(self, path: Path | None, *, durable: bool = True) -> None:
        self.path = path
        self._synchronous = "NORMAL" if durable else "OFF"
        # SQLite lets writers poll for its lock: with a queue of our own the slowest of 100 waits 65 ms and not 287 ms
        self._writing = Lock()
        self._owner = 0
        """The thread that is inside ``_transaction``."""
        self._transaction: _Transaction | None = None
        self._idle: list[sqlite3.Connection] = []
        """Connections not in use: threads come and go."""
        self._opened: list[sqlite3.Connection] = []
        self._file: os.stat_result | None = None
        """The file that was opened first."""
        self._closed = False

    def migrate(self, migrations: tuple[str, ...]) -> None:
        """Run those statements that this database has not seen; raises StoreError."""
        connection = self._take()
        try:
            sqlite_schema.migrate(connection, self.path, migrations)
        except sqlite3.DatabaseError as error:
            raise self._unusable(error) from error
        finally:
            self._idle.append(connection)

    def row(self, sql: str, parameters: Row = ()) -> Row | None:
        found: Row | None = self._read(sqlite3.Cursor.fetchone, sql, parameters)
        return found

    def rows(self, sql: str, parameters: Row = ()) -> list[Row]:
        return self._read(sqlite3.Cursor.fetchall, sql, parameters)

    def _read(self, fetch: Callable[[sqlite3.Cursor], T], sql: str, parameters: Row) -> T:
        if inside := self._own_transaction():
            return fetch(inside.connection.execute(sql, parameters))
        if self.path is None:
            with self._writing:  # there is only one connection
                return self._fetch(fetch, sql, parameters)
        return self._fetch(fetch, sql, parameters)

    def _fetch(self, fetch: Callable[[sqlite3.Cursor], T], sql: str, parameters: Row) -> T:
        connection = self._take()
        try:
            return fetch(connection.execute(sql, parameters))
        except DEFECTS:
            raise
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        finally:
            self._idle.append(connection)

    def write(self, sql: str, parameters: Row = ()) -> None:
        self.execute(sql, parameters)

    def execute(self, sql: str, parameters: Row = ()) -> int:
        if inside := self._own_transaction():
            return inside.execute(sql, parameters)
        with self.transaction() as transaction:
            return transaction.execute(sql, parameters)

    def insert(self, sql: str, parameters: Row = ()) -> int:
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise self._unusable(sqlite3.OperationalError("database is locked"))
        try:
            connection = self._take()
            try:
                return connection.execute(sql, parameters).lastrowid or 0
            except DEFECTS:
                raise
            except sqlite3.Error as error:
                raise self._unusable(error) from error
            finally:
                self._idle.append(connection)
        finally:
            self._writing.release()

    def _own_transaction(self) -> _Transaction | None:
        """The one that this thread is inside."""
        return self._transaction if self._owner == get_ident() else None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        if inside := self._own_transaction():
            yield inside
            return
        if not self._writing.acquire(timeout=BUSY_SECONDS):
            raise self._unusable(sqlite3.OperationalError("database is locked"))
        try:
            self._check_place()
            connection = self._take()
            try:
                yield from self._write(connection)
            finally:
                self._transaction, self._owner = None, 0
                self._idle.append(connection)
        finally:
            self._writing.release()

    def _write(self, connection: sqlite3.Connection) -> Iterator[Transaction]:
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._transaction, self._owner = _Transaction(connection), get_ident()
            yield self._transaction
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            _roll_back(connection)
            if isinstance(error, DEFECTS):
                raise
            raise self._unusable(error) from error
        except BaseException:
            _roll_back(connection)
            raise

    def _check_place(self) -> None:
        """SQLite goes on writing into a file that was deleted: what was acknowledged would be lost."""
        place = _file(self.path)
        if self._file is not None and not (place and os.path.samestat(place, self._file)):
            raise StoreError(
                f"{self._name} cannot be used: it was deleted or replaced while devidp runs. "
                "Put it back, or restart devidp to create a new one"
            )

    def _take(self) -> sqlite3.Connection:
        if self._closed:
            raise StoreError(f"{self._name} is closed: this devidp was stopped. Start another one")
        try:
            return self._idle.pop()
        except IndexError:
            connection = self._connect()
            self._file = self._file or _file(self.path)
            self._opened.append(connection)
            return connection

    @property
    def _name(self) -> str:
        return f"The database {self.path}" if self.path else "The database in memory"

    def _address(self) -> str:
        """A file that was deleted is not made anew: it would be an empty database."""
        if self.path is None:
            return ":memory:"
        self._check_place()
        return f"{self.path.absolute().as_uri()}?mode={'rw' if self._file else 'rwc'}"

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self._address(), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=True
            )
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            if self.path is not None:
                connection.execute(f"PRAGMA synchronous = {self._synchronous}")
                connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        except sqlite3.Error as error:
            connection.close()
            raise self._unusable(error) from error
        return connection

    def _unusable(self, error: sqlite3.Error) -> StoreError:
        """Either the path of the database is wrong, or its content."""
        if isinstance(error, sqlite3.OperationalError):
            remedy = (
                "Check that its folder exists and is writable and that the disk is not full, "
                "or start with another --data folder, or with --memory"
            )
        else:
            remedy = "Move it away to start with an empty one, or choose another --data folder"
        return StoreError(f"{self._name} cannot be used: {error}. {remedy}")

    def close(self) -> None:
        with self._writing:
            self._closed = True
            for connection in self._opened:
                connection.close()
            self._opened.clear()
            self._idle.clear()


class _Transaction:
    __slots__ = ("connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def row(self, sql: str, parameters: Row = ()) -> Row | None:
        found: Row | None = self.connection.execute(sql, parameters).fetchone()
        return found

    def rows(self, sql: str, parameters: Row = ()) -> list[Row]:
        return self.connection.execute(sql, parameters).fetchall()

    def execute(self, sql: str, parameters: Row = ()) -> int:
        return self.connection.execute(sql, parameters).rowcount


def _file(path: Path | None) -> os.stat_result | None:
    try:
        return None if path is None else path.stat()
    except OSError:
        return None


def _roll_back(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):  # a disk that fails has ended the transaction by itself
        connection.rollback()
