"""Fixtures: a database of every kind; tests that take ``database`` run with each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from devidp.store import Database, open_database, postgres


@pytest.fixture(params=["on disk", "in memory", "PostgreSQL"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    found: Database
    if request.param == "PostgreSQL":
        found = postgres.open_database(request.getfixturevalue("postgres_url"))
    else:
        found = open_database(tmp_path / "devidp.db" if request.param == "on disk" else None)
    yield found
    found.close()
