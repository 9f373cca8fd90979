"""Fixtures: a database on disk and one in memory; tests that take ``database`` run with each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from devidp.store import open_database
from devidp.store.sqlite import SQLite


@pytest.fixture(params=["on disk", "in memory"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SQLite]:
    found = open_database(tmp_path / "devidp.db" if request.param == "on disk" else None)
    yield found
    found.close()
