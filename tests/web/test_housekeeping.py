"""What a running devidp does by itself: it takes in an edited seed, and never a broken one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from devidp.app import create_app
from devidp.models.config import Config
from devidp.seed import load
from devidp.store import StoreError, postgres_connection, sqlite
from devidp.web import housekeeping
from devidp.web.dispatch import Application
from devidp.web.housekeeping import Housekeeper, warm_up
from devidp.web.runtime import Runtime
from tests.engines import SECRET, Engine
from tests.shipped import PUBLIC_URL

SEED = """
issuers: {default: {signing_algorithm: ES256}}
users: {alice: {password: alice}}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "own.yaml"
    file.write_text(SEED)
    return file


@pytest.fixture
def application(path: Path, engine: Engine) -> Iterator[Application]:
    found = create_app(Config(PUBLIC_URL, seed_paths=(path,), **engine.settings()), load(path))
    yield found
    found.runtime.close()


@pytest.fixture
def runtime(application: Application) -> Runtime:
    return application.runtime


@pytest.fixture
def housekeeper(runtime: Runtime) -> Housekeeper:
    keeper = Housekeeper(runtime)
    keeper.look()
    return keeper


def usernames(runtime: Runtime) -> list[str]:
    return list(runtime.first().settings.users)


def test_a_seed_that_nobody_edits_is_not_taken_in_again(
    housekeeper: Housekeeper, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    before = runtime.seed
    with caplog.at_level(logging.INFO, "devidp"):
        for _ in range(3):
            housekeeper.look()
    assert runtime.seed is before
    assert caplog.messages == []


def test_an_edited_seed_is_taken_in(
    housekeeper: Housekeeper, runtime: Runtime, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text(SEED.replace("{alice: {password: alice}}", "{alice: {password: alice}, bob: {password: bob}}"))
    with caplog.at_level(logging.INFO, "devidp"):
        housekeeper.look()
    assert usernames(runtime) == ["alice", "bob"]
    assert caplog.messages == [f"The seed was read again: {PUBLIC_URL}/default"]


def test_issuers_move_with_an_edit(housekeeper: Housekeeper, application: Application, path: Path) -> None:
    client = application.test_client()
    own = "https://login.example.test"
    assert client.get("/health", base_url=own).status_code == 421
    moved = SEED.replace("{default: {", "{second: {path: /a/b/}, default: {url: https://login.example.test/x, ")
    path.write_text(moved)
    housekeeper.look()
    for base, where, issuer in ((own, "/x", f"{own}/x"), (PUBLIC_URL, "/a/b", f"{PUBLIC_URL}/a/b/")):
        found = client.get(f"{where}/.well-known/openid-configuration", base_url=base)
        assert found.json
        assert found.json["issuer"] == issuer
    path.write_text(SEED)
    housekeeper.look()
    assert client.get("/health", base_url=own).status_code == 421
    assert client.get("/a/b/.well-known/openid-configuration", base_url=PUBLIC_URL).status_code == 404


def test_an_edit_that_would_put_two_issuers_at_one_address_keeps_the_old_seed(
    housekeeper: Housekeeper, runtime: Runtime, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text(SEED.replace("{default: {", f"{{twin: {{url: {PUBLIC_URL}/default}}, default: {{"))
    housekeeper.look()
    assert [issuer.name for issuer in runtime.issuers] == ["default"]
    assert "The issuers twin and default would both be at localhost/default" in caplog.text


def test_a_warning_of_the_new_seed_is_logged(
    housekeeper: Housekeeper, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text(SEED.replace("ES256}", "ES256, lifetimes: {access_token: 2h}}"))
    housekeeper.look()
    assert "access_token" in caplog.text


def test_a_broken_edit_keeps_the_old_seed_and_says_where_it_is_broken(
    housekeeper: Housekeeper, runtime: Runtime, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text(SEED.replace("password", "pasword"))
    housekeeper.look()
    housekeeper.look()
    assert usernames(runtime) == ["alice"]
    assert len(caplog.messages) == 1
    assert f"{path}:3:" in caplog.text
    assert "The seed was edited, and the old one is kept" in caplog.text


def test_a_mended_edit_is_taken_in(housekeeper: Housekeeper, runtime: Runtime, path: Path) -> None:
    path.write_text("users: [")
    housekeeper.look()
    path.write_text(SEED.replace("alice", "carol"))
    housekeeper.look()
    assert usernames(runtime) == ["carol"]


def test_a_seed_that_cannot_be_served_keeps_the_old_one(
    housekeeper: Housekeeper, runtime: Runtime, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_text(SEED.replace("ES256}", """ES256, signing_key: '{"kty": "EC", "d": "AA"}'}"""))
    housekeeper.look()
    assert runtime.first().settings.signing_key is None
    assert "the old one is kept: The signing_key of issuer default cannot be used" in caplog.text


def test_a_seed_that_is_deleted_keeps_the_old_one(housekeeper: Housekeeper, runtime: Runtime, path: Path) -> None:
    path.unlink()
    housekeeper.look()
    assert usernames(runtime) == ["alice"]


def test_the_thread_starts_and_stops(housekeeper: Housekeeper) -> None:
    housekeeper.start()
    housekeeper.stop()


@pytest.mark.contract
def test_a_key_is_made_before_anybody_asks_for_it(tmp_path: Path, engine: Engine) -> None:
    runtime: Runtime = create_app(Config(PUBLIC_URL, **engine.settings(tmp_path))).extensions["devidp"]
    count = "SELECT count(*) FROM signing_keys"
    assert runtime.database.row(count) == (0,)
    warm_up(runtime)
    assert runtime.database.row(count) == (1,)
    runtime.close()


def test_a_key_that_cannot_be_made_is_left_to_the_request_that_needs_it(tmp_path: Path) -> None:
    runtime: Runtime = create_app(Config(PUBLIC_URL, data_dir=tmp_path)).extensions["devidp"]
    (tmp_path / "devidp.db").rename(tmp_path / "moved.db")
    warm_up(runtime)
    with pytest.raises(StoreError, match="it was deleted or replaced while devidp runs"):
        runtime.first().keys.document()
    runtime.close()


@pytest.mark.slow
def test_an_edit_that_comes_while_the_database_is_away_is_taken_in_later(
    path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(postgres_connection, "WAIT_SECONDS", 0.01)
    runtime = create_app(Config(PUBLIC_URL, seed_paths=(path,), database=postgres_url, secret=SECRET)).runtime
    keeper = Housekeeper(runtime)
    path.write_text(SEED.replace("alice", "dave"))
    with closing(psycopg.connect(postgres_url)) as other:
        other.execute("LOCK TABLE generation IN ACCESS EXCLUSIVE MODE")  # not even read
        for _ in range(3):
            keeper.look()
    assert usernames(runtime) == ["alice"]
    (said,) = caplog.messages
    assert "The seed was edited, and is read as soon as the database can be used: The database" in said
    keeper.look()
    assert (usernames(runtime), runtime.edit_refused) == (["dave"], False)
    runtime.close()


def wait_for(truth: Callable[[], bool]) -> None:
    """Look again and again, for a minute at most."""
    never = threading.Event()
    assert any(truth() or never.wait(0.01) for _ in range(6000))


@pytest.mark.contract
def test_a_store_that_fails_is_said_and_housekeeping_goes_on(
    path: Path, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("LOOK_SECONDS", "PURGE_SECONDS", "FIRST_ANSWER_SECONDS"):
        monkeypatch.setattr(housekeeping, name, 0.01)
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(postgres_connection, "WAIT_SECONDS", 0.3)
    folder = tmp_path / "data"
    runtime = create_app(Config(PUBLIC_URL, seed_paths=(path,), **engine.settings(folder))).runtime
    store, expired = runtime.first().store, runtime.clock.seconds() - 86_400
    keeper = Housekeeper(runtime)
    with engine.held(folder):
        keeper.start()
        wait_for(lambda: "database is locked" in caplog.text or "due to lock timeout" in caplog.text)
        path.write_text(SEED.replace("alice", "dave"))
        wait_for(lambda: "dave" in usernames(runtime))
    wait_for(lambda: not runtime.edit_refused)
    store.revoke("an old one", expired)
    wait_for(lambda: store.is_good("an old one"))
    keeper.stop()
    runtime.close()
