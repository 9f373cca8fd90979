"""The interface of a database: queries, and atomic transactions.

SQL is written so that every engine understands it: placeholders are ``?``, conflicts are resolved with ON CONFLICT,
and what a statement changed is asked for with RETURNING.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = tuple[Any, ...]


class StoreError(Exception):
    """The database cannot be used, at this moment or at all; the message says what to do."""


class Queries(Protocol):
    """Reads, inside and outside of a transaction."""

    def row(self, sql: str, parameters: Row = ()) -> Row | None:
        """The first row, or ``None``."""

    def rows(self, sql: str, parameters: Row = ()) -> list[Row]:
        """Every row."""


class Transaction(Queries, Protocol):
    """One atomic write. Statements with RETURNING go through ``row`` and ``rows``."""

    def execute(self, sql: str, parameters: Row = ()) -> int:
        """The number of rows that were changed."""


class Database(Queries, Protocol):
    """Shared by every thread; several writes that belong together need a transaction."""

    def execute(self, sql: str, parameters: Row = ()) -> int:
        """One statement in a transaction, of its own where there is none; the number of rows that were changed."""

    def write(self, sql: str, parameters: Row = ()) -> None:
        """The same where nobody asks for the number; a transaction does it with its next statement, or at its end."""

    def insert(self, sql: str, parameters: Row = ()) -> int:
        """Insert one row, in a transaction of its own that costs a third of another; its id.

        Nobody looks whether the file is still there: it may be lost.
        """

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Committed on leaving, rolled back on an exception; inside another one it is a part of that.

        From its first statement on, at the latest, no other writes: what that reads stays true.
        """

    def close(self) -> None:
        """Release its resources; it cannot be used after that."""
