"""A disk that is full or a database that is damaged: a clear answer, and nothing is lost."""

from __future__ import annotations

import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from devidp.system.files import private_file
from tests.cli.running import run
from tests.engines import Engine
from tests.flow import Flow
from tests.refusal import refusal
from tests.shipped import Start

METADATA = {"redirect_uris": ["http://localhost:5555/callback"]}


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def unavailable(flow: Flow) -> None:
    response = flow.register(**METADATA)
    assert refusal(response) == (503, "temporarily_unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert "/" not in response.get_json()["error_description"], "places of this machine are no business of a client's"


@pytest.mark.sqlite("the disk of the data folder is full; that of PostgreSQL is another machine's")
def test_a_full_disk_is_said_and_damages_nothing(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    flow = start(data=tmp_path)
    assert flow.register(**METADATA).status_code == 201
    with full_disk():
        unavailable(flow)
        assert "that the disk is not full" in caplog.text
    assert "Traceback" not in caplog.text
    assert flow.register(**METADATA).status_code == 201
    with closing(sqlite3.connect(tmp_path / "devidp.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.sqlite("the same disk")
def test_tokens_that_need_no_row_are_issued_from_a_full_disk(start: Start, tmp_path: Path) -> None:
    flow = start(data=tmp_path)
    assert flow.token("service", grant_type="client_credentials").status_code == 200
    with full_disk():
        assert flow.token("service", grant_type="client_credentials").status_code == 200


@pytest.mark.contract
def test_who_waits_for_the_database_holds_nobody_up(start: Start, tmp_path: Path, engine: Engine) -> None:
    flow = start(data=tmp_path)
    assert flow.token("service", grant_type="client_credentials").status_code == 200
    came: list[int] = []
    waiting = threading.Thread(target=lambda: came.append(flow.register(**METADATA).status_code))
    with engine.held(tmp_path):
        waiting.start()
        http = flow.app.test_client()
        for place in ("openid-configuration", "jwks.json") * 10:
            assert http.get(f"/default/.well-known/{place}").status_code == 200
        assert Flow(flow.app).token("service", grant_type="client_credentials").status_code == 200
        assert waiting.is_alive()
    waiting.join()
    assert came == [201]


@pytest.mark.parametrize("content", [b"no database" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_database_is_said_at_the_start(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    private_file(folder / "devidp.db").write_bytes(content)
    ended = run(tmp_path, "serve", "--port", "0", "--data", str(folder))
    assert ended.returncode == 1
    assert "Move it away to start with an empty one" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (folder / "devidp.db").read_bytes() == content
