"""Statements for PostgreSQL as the store writes them for every engine, with as few messages as they can do with."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import psycopg

from devidp.store.database import Row

NUL, IN_ITS_PLACE = "\0", "\uffff"
"""The second is a noncharacter, which Unicode keeps for internal use (section 23.7)."""


class Statements:
    """What needs no answer waits for what does: each message that is answered is a way to the database and back.

    Several statements of one message are one transaction, and each of them sees what the lock has waited for.
    """

    __slots__ = ("_connection", "_parameters", "_used", "_waiting")

    def __init__(self, connection: psycopg.Connection[Row], before: str) -> None:
        self._connection = connection
        self._waiting, self._parameters = before, ()
        self._used = False

    def row(self, sql: str, parameters: Row = ()) -> Row | None:
        return self._answered(sql, parameters).fetchone()

    def rows(self, sql: str, parameters: Row = ()) -> list[Row]:
        return self._answered(sql, parameters).fetchall()

    def execute(self, sql: str, parameters: Row = ()) -> int:
        return self._answered(sql, parameters).rowcount

    def write(self, sql: str, parameters: Row = ()) -> None:
        self._used = True
        self._waiting, self._parameters = f"{self._waiting}{sql}; ", (*self._parameters, *parameters)

    def end(self, last: str) -> None:
        """With ``last``; nothing, where there was no statement."""
        if self._used and last:
            self._answered(last, ())

    def _answered(self, sql: str, parameters: Row) -> psycopg.Cursor[Row]:
        self._used = True
        if not self._waiting:
            return _executed(self._connection.cursor(), sql, parameters)
        statements, given = self._waiting + sql, (*self._parameters, *parameters)
        self._waiting, self._parameters = "", ()
        cursor = _executed(psycopg.ClientCursor(self._connection), statements, given)
        while cursor.nextset():
            pass
        return cursor


def _executed(cursor: psycopg.Cursor[Row], sql: str, parameters: Row) -> psycopg.Cursor[Row]:
    try:
        return cursor.execute(_placed(sql), parameters)
    except psycopg.DataError:
        # what comes in may hold NUL, which no text of PostgreSQL does; psycopg has not sent anything
        if not any(isinstance(each, str) and NUL in each for each in parameters):
            raise
        without = tuple(each.replace(NUL, IN_ITS_PLACE) if isinstance(each, str) else each for each in parameters)
        return cursor.execute(_placed(sql), without)


@lru_cache(maxsize=256)
def _placed(sql: str) -> Any:
    """With the placeholders of psycopg."""
    return sql.replace("%", "%%").replace("?", "%s")


@lru_cache(maxsize=256)
def locked(insert: str, lock: str) -> str:
    """``INSERT … VALUES (…)`` that takes the lock before it counts an id: as one statement it is half the work."""
    into, _, values = insert.partition(" VALUES ")
    return f"{into} SELECT {values.strip('()')} FROM {lock} RETURNING id"  # noqa: S608 - statements of ours
