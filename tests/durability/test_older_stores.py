"""A data folder of an older devidp goes on: tests/data/ has one database of each schema that was released."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from devidp.models.config import Config
from devidp.store.steps import STEPS
from devidp.web.app import create_app
from tests.flow import Flow
from tests.refusal import refusal
from tests.shipped import PUBLIC_URL, Start

STORED = sorted((Path(__file__).parents[1] / "data").glob("schema-*.sql"))


@pytest.fixture(params=STORED, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, start: Start, tmp_path: Path) -> Flow:
    """A devidp over an old data folder."""
    with closing(sqlite3.connect(tmp_path / "devidp.db")) as connection:
        connection.executescript(request.param.read_text())
    return start(data=tmp_path)


def test_there_is_an_old_database() -> None:
    assert STORED


def test_the_schema_is_the_present_one(old: Flow) -> None:
    assert old.runtime.database.row("PRAGMA user_version", ()) == (len(STEPS),)


def test_a_refresh_token_of_then_is_good_once(old: Flow) -> None:
    answer = old.refresh("an old refresh token")
    assert answer.status_code == 200, answer.text
    assert old.is_active(answer.get_json()["access_token"])
    assert refusal(old.refresh("an old refresh token")) == (400, "invalid_grant")


def test_a_client_of_then_is_known(old: Flow) -> None:
    page = old.authorize(client_id="old-client")
    assert page.status_code == 200
    assert "old-client" in page.text


def test_a_consent_of_then_still_counts(old: Flow) -> None:
    assert old.log_in(old.authorize()).status_code == 303


def test_what_was_kept_in_plain_text_then_is_gone_from_the_folder(tmp_path: Path) -> None:
    """The tenth schema kept what it was told at run time, passwords and secrets included."""
    stored = next(path for path in STORED if path.stem == "schema-10").read_text()
    with closing(sqlite3.connect(tmp_path / "devidp.db")) as connection:
        connection.executescript(stored.replace("COMMIT;", "UPDATE controls SET text = text || ' '; COMMIT;"))
    assert b"a-password-of-carol" in (tmp_path / "devidp.db").read_bytes()
    create_app(Config(PUBLIC_URL, data_dir=tmp_path))
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"old-client" in written
    assert [word for word in (b"a-password", b"a-secret") if word in written] == []
