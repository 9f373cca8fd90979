"""Where a devidp of a test keeps its state: SQLite, or the PostgreSQL of this test process.

With the marker ``contract`` a test runs on both, with ``sqlite`` it is about a file of SQLite. ``--engine PostgreSQL``
runs on that whatever keeps its state in an ``engine``, and nothing else: the rest runs without one, and no other way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from devidp.store import postgres
from tests.postgres import Server

ENGINES = ("SQLite", "PostgreSQL")
SECRET = "what these tests seal with, and nobody guesses"
LASTING = ("schemas", "generation")
"""Tables whose rows every devidp expects."""


class Databases:
    """Of one server: each is made and given its tables once, and emptied for whoever is next."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._free: list[str] = []

    def take(self) -> str:
        """The URL of an empty one."""
        if not self._free:
            return self._server.new_database()
        url = self._free.pop()
        with closing(psycopg.connect(url)) as connection, connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (table,) in tables:
                if table not in LASTING:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        return url

    def give_back(self, url: str) -> None:
        self._free.append(url)


class Engine:
    """Makes places for the state of a devidp; in memory or in a folder without ``databases``."""

    def __init__(self, databases: Databases | None) -> None:
        self._databases = databases
        self._taken: list[str] = []
        self._by_folder: dict[Path, str] = {}

    def place(self, folder: Path | None = None) -> Path | str | None:
        """The folder itself, or the URL of a database, the same one for the same folder."""
        if self._databases is None:
            return folder
        if folder is not None and folder in self._by_folder:
            return self._by_folder[folder]
        url = self._databases.take()
        self._taken.append(url)
        if folder is not None:
            self._by_folder[folder] = url
        return url

    def settings(self, folder: Path | None = None) -> dict[str, Any]:
        """Fields of a Config."""
        place = self.place(folder)
        return {"database": place, "secret": SECRET} if isinstance(place, str) else {"data_dir": place}

    @contextmanager
    def held(self, folder: Path) -> Iterator[None]:
        """Another program has the lock that every write needs."""
        place = self.place(folder)
        if isinstance(place, str):
            with closing(psycopg.connect(place)) as other:
                other.execute(f"SELECT {postgres.WRITING}")
                yield
        else:
            with closing(sqlite3.connect(folder / "devidp.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                yield

    def close(self) -> None:
        if self._databases is not None:
            for url in self._taken:
                self._databases.give_back(url)
