"""A server that mints all day stays as it was."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from devidp.faults import FAULTS
from tests.cli.running import Running

TOKENS, WARM_UP = 20_000, 10_000
"""Before the measured ones come as many as fill SQLite's cache of pages."""
MAX_GROWTH = 4 * 1024 * 1024
"""Bytes. What the allocator does by itself is a megabyte or two; half a kilobyte kept of each token would be more."""
STATELESS = [
    each.name
    for each in FAULTS.values()
    if each.group not in ("state", "id-token", "authentication") and "refresh" not in each.name
]
"""Without those that change what the issuer keeps: a revocation and a refresh token have a row until they expire."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    server = Running(tmp_path, "serve", "--port", "0", "--data", "data", "--workers", "1")
    yield server
    server.kill()


@pytest.mark.slow
def test_ten_thousand_faulty_tokens_leave_no_memory_behind_and_no_row_but_that_of_their_grants(
    running: Running, tmp_path: Path
) -> None:
    wanted = islice(cycle(STATELESS), TOKENS)
    with closing(HTTPConnection(urlsplit(running.issuer()).netloc)) as http:
        mint(http, list(islice(wanted, WARM_UP)))
        before = running.workers()[0].memory_info().rss
        rows_before = rows(tmp_path)
        mint(http, list(wanted))
        grown = running.workers()[0].memory_info().rss - before
    assert rows(tmp_path) == rows_before
    assert grown < MAX_GROWTH


def mint(http: HTTPConnection, faults: list[str]) -> None:
    for fault in faults:
        body = json.dumps({"user": "alice", "fault": fault})
        http.request("POST", "/_devidp/api/tokens", body, {"Content-Type": "application/json"})
        response = http.getresponse()
        text = response.read()
        assert response.status == 200, text


def rows(home: Path) -> dict[str, int]:
    """How many each table has."""
    with closing(sqlite3.connect(home / "data" / "devidp.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables.remove("grants")  # a token of a user has the row of its grant until it expires
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}
