"""Connections and transactions of SQLite, safe under threads and several processes.

On disk: one connection a thread in WAL mode, writes through ``BEGIN IMMEDIATE`` under one mutex a process, because
deferred transactions fail with SQLITE_BUSY_SNAPSHOT when another process has written. In memory: a single connection
behind the same mutex, because shared-cache databases answer with table locks.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devidp.store.turn import Turn

BUSY_MILLISECONDS = 10_000
CHECKPOINT_PAGES = 4_000
"""Of 4 KiB, after which the journal goes into the database: each time waits for the disk."""
DEFECTS = (sqlite3.IntegrityError, sqlite3.ProgrammingError)
"""What says that devidp is wrong, and not the database."""


class StoreError(Exception):
    """The database cannot be used, at this moment or at all; the message says what to do."""


class Database:
    """A SQLite database at ``path``, or in memory where ``path`` is ``None``."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._mutex = threading.RLock()
        self._writing = False
        """Whether the thread that holds the mutex is inside a transaction."""
        self._local = threading.local()
        self._memory = _connect(None) if path is None else None
        self._turn = Turn(path.parent) if path else None
        self._opened: list[sqlite3.Connection] = []
        self._file: os.stat_result | None = None
        """The file that was opened first."""

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread."""
        if self._memory is not None:
            return self._memory
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = _connect(self.path)
            with self._mutex:
                self._file = self._file or _file(self.path)
                self._opened.append(connection)
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One atomic write: committed on leaving, rolled back where an exception leaves.

        Inside another one it is a part of that.
        """
        with self._mutex:
            connection = self.connection
            if self._writing:
                yield connection
                return
            self._check_place()
            self._writing = True
            if self._turn:
                self._turn.take()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                _roll_back(connection)
                if isinstance(error, DEFECTS):
                    raise
                raise unusable(self.path, error) from error
            except BaseException:
                _roll_back(connection)
                raise
            finally:
                self._writing = False
                if self._turn:
                    self._turn.give()

    def _check_place(self) -> None:
        """SQLite writes on into a file that was deleted, and nobody would ever find what was acknowledged."""
        if self._file is not None and not _same(_file(self.path), self._file):
            raise StoreError(
                f"The database {self.path} cannot be used: it was deleted or replaced while devidp runs. "
                "Start devidp again, and it makes a new one"
            )

    def row(self, sql: str, parameters: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The first row of a query, or ``None``."""
        if self._memory is None:
            return self._first(self.connection, sql, parameters)
        with self._mutex:
            return self._first(self._memory, sql, parameters)

    def rows(self, sql: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Every row of a query."""
        if self._memory is None:
            return self._all(self.connection, sql, parameters)
        with self._mutex:
            return self._all(self._memory, sql, parameters)

    def _first(self, connection: sqlite3.Connection, sql: str, parameters: tuple[Any, ...]) -> tuple[Any, ...] | None:
        try:
            found: tuple[Any, ...] | None = connection.execute(sql, parameters).fetchone()
        except DEFECTS:
            raise
        except sqlite3.Error as error:
            raise unusable(self.path, error) from error
        return found

    def _all(self, connection: sqlite3.Connection, sql: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        try:
            return connection.execute(sql, parameters).fetchall()
        except DEFECTS:
            raise
        except sqlite3.Error as error:
            raise unusable(self.path, error) from error

    def close(self) -> None:
        """Close the connections of every thread."""
        with self._mutex:
            for connection in [*self._opened, *([self._memory] if self._memory else [])]:
                connection.close()
            self._opened.clear()
            if self._turn:
                self._turn.close()


def _file(path: Path | None) -> os.stat_result | None:
    try:
        return None if path is None else path.stat()
    except OSError:
        return None


def _same(one: os.stat_result | None, other: os.stat_result) -> bool:
    return one is not None and (one.st_ino, one.st_dev) == (other.st_ino, other.st_dev)


def _roll_back(connection: sqlite3.Connection) -> None:
    try:
        connection.rollback()
    except sqlite3.Error:
        pass  # a disk that fails has ended the transaction by itself


def unusable(path: Path | None, error: sqlite3.Error) -> StoreError:
    """What to tell of a database that SQLite refuses: its place is wrong, or its content."""
    if isinstance(error, sqlite3.OperationalError):
        remedy = (
            "Check that its folder exists and is writable and that the disk is not full, "
            "or start with another --data folder, or with --memory"
        )
    else:
        remedy = "Move it away to start with an empty one, or choose another --data folder"
    return StoreError(f"The database {path} cannot be used: {error}. {remedy}")


def _connect(path: Path | None) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=BUSY_MILLISECONDS / 1000,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.Error as error:
        raise unusable(path, error) from error
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        if path is not None:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    except sqlite3.Error as error:
        connection.close()
        raise unusable(path, error) from error
    return connection
