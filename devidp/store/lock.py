"""A lock that processes share, for what must be done once in a data folder.

SQLite locks a file the same way on every system and lets go when a process dies, so no other library is needed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from devidp.store.database import StoreError

WAIT_SECONDS = 60


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the lock of ``folder`` while the block runs; raises StoreError where it cannot be had."""
    try:
        with closing(sqlite3.connect(folder / "lock", timeout=WAIT_SECONDS, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.rollback()
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"The data folder {folder} cannot be locked: {error}. "
            "Check that it is writable and that no other devidp hangs in it"
        ) from error
