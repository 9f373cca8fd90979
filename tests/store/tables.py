"""Writes devidp/store/tables.py anew, out of the steps: ``python -m tests.store.tables``."""

from __future__ import annotations

import sqlite3
import textwrap
from contextlib import closing
from pathlib import Path

from devidp.store import steps

WIDTH = 110
TARGET = Path(steps.__file__).with_name("tables.py")


def made_by_steps() -> list[str]:
    """The statements that describe what every step together makes."""
    with closing(sqlite3.connect(":memory:")) as connection:
        steps.run(connection, 0)
        return described(connection)


def described(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid").fetchall()
    return [" ".join(sql.split()) for (sql,) in found]


def module() -> str:
    statements = ";\n".join(textwrap.fill(sql, WIDTH, subsequent_indent="    ") for sql in made_by_steps())
    return f'''"""The tables of a new database. Written by `make derived` out of the steps in steps.py: add one there.

A new database, and so each of those in memory, is there in a millisecond, without the library of the steps.
"""

VERSION = {len(steps.STEPS)}
TABLES = """
{statements}
"""
'''


if __name__ == "__main__":
    TARGET.write_text(module(), encoding="utf-8")
