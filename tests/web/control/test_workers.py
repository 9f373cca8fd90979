"""Two workers over one data folder, or two replicas over one database: what one is told, both do at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from devidp.app import create_app
from devidp.models.config import Config
from devidp.store.overrides import Scripted
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError
from devidp.web.control.overrides import UnknownRecord
from devidp.web.runtime import Runtime
from tests.engines import Engine
from tests.flow import Flow

PUBLIC_URL = "http://localhost:6749"
pytestmark = pytest.mark.contract


@pytest.fixture
def workers(engine: Engine, tmp_path: Path) -> Iterator[tuple[Flask, Flask]]:
    """Two applications as two workers, or two replicas, have them: of one configuration."""
    config = Config(PUBLIC_URL, **engine.settings(tmp_path), owns_data=False, workers=2)
    first, second = create_app(config), create_app(config)
    yield first, second
    for each in (first, second):
        each.extensions["devidp"].close()


def runtime_of(app: Flask) -> Runtime:
    found: Runtime = app.extensions["devidp"]
    return found


def refused_login(app: Flask) -> str:
    """The page that bob gets."""
    flow = Flow(app)
    return flow.log_in(flow.authorize(), "bob").text


def test_the_clock_moves_in_every_worker(workers: tuple[Flask, Flask]) -> None:
    first, second = workers
    token = Flow(first).tokens()["access_token"]
    Controller(runtime_of(first)).clock.advance("2h")
    assert not Flow(second).introspect(token)["active"]
    Controller(runtime_of(second)).clock.reset()
    assert Flow(first).introspect(token)["active"]


def test_users_change_in_every_worker(workers: tuple[Flask, Flask]) -> None:
    first, second = workers
    control = Controller(runtime_of(first))
    control.users["bob"].disable()
    control.users.add("carol", password="carol")
    control.clients.add("batch", secret="s", grants=["client_credentials"], lifetimes={"access_token": "5m"})
    assert "User bob is disabled" in refused_login(second)
    assert Flow(second).tokens("carol")["scope"] == "openid mcp:read"
    answer = Flow(second).token("batch", grant_type="client_credentials", client_secret="s").get_json()
    assert answer["expires_in"] == 300


def test_no_change_is_lost_where_two_workers_change_one_record(workers: tuple[Flask, Flask]) -> None:
    """The second has not looked since the first changed it."""
    here, there = (Controller(runtime_of(each)) for each in workers)
    here.users["alice"].change(claims={"name": "Alice Adams"})
    there.users["alice"].change(scopes=["openid"])
    here.clients["web"].change(consent="skipped")
    there.clients["web"].change(name="Web")
    alice, web = there.users["alice"].record, there.clients["web"].record
    assert (alice.claims, alice.scopes) == ({"name": "Alice Adams"}, frozenset({"openid"}))
    assert (web.consent, web.name) == ("skipped", "Web")
    here.users.add("carol")
    with pytest.raises(ControlError, match="there is a user 'carol' already"):
        there.users.add("carol")
    runtime_of(workers[1]).follow()
    seen_there = there.users["carol"]
    here.users["carol"].delete()
    with pytest.raises(UnknownRecord):
        seen_there.change(scopes=["openid"])


def test_passwords_and_secrets_are_not_to_be_read_from_the_database(
    workers: tuple[Flask, Flask], tmp_path: Path
) -> None:
    control = Controller(runtime_of(workers[0]))
    control.users.add("carol", password="a-password-of-carol")
    control.users["bob"].change(password="a-password-of-bob")
    control.users["alice"].change(claims={})
    control.clients.add("batch", secret="a-secret-of-batch", grants=["client_credentials"])
    assert "a-password" not in repr(control.users["carol"].record)
    stored = runtime_of(workers[1]).overrides.load()[1].users["default"]
    assert [user and user.password for user in stored.values()] == [None, None, None]
    assert len({user.password_hash for user in stored.values() if user}) == 3
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    rows = runtime_of(workers[0]).database.rows("SELECT * FROM overrides")
    written += repr(rows).encode()
    assert len(rows) == 1
    assert [word for word in (b"a-password", b"a-secret", b"carol") if word in written] == []


def test_a_password_that_is_kept_as_a_hash_logs_in_and_another_does_not(workers: tuple[Flask, Flask]) -> None:
    first, second = workers
    control = Controller(runtime_of(first))
    control.users["alice"].change(claims={"email": "alice@other.example"})
    control.users["bob"].change(password="changed")
    assert Flow(second).tokens("alice")
    assert "not the password of bob" in refused_login(second)
    control.users["bob"].change(password="bob")
    assert Flow(second).tokens("bob")


def test_keys_rotate_in_every_worker(workers: tuple[Flask, Flask]) -> None:
    first, second = workers
    fresh = Controller(runtime_of(first)).keys.rotate(overlap=False, publish=False)
    assert second.test_client().get("/default/.well-known/jwks.json").get_json() == {"keys": []}
    Controller(runtime_of(second)).keys.publish(fresh.kid)
    published = first.test_client().get("/default/.well-known/jwks.json").get_json()["keys"]
    assert [key["kid"] for key in published] == [fresh.kid]


def test_events_of_every_worker_are_found(workers: tuple[Flask, Flask]) -> None:
    first, second = workers
    code = Flow(first).redirect()["code"]
    Flow(second).exchange(code)
    events = Controller(runtime_of(first)).events.find()
    assert [event.endpoint for event in events] == ["authorize", "login", "consent", "token"]
    assert len({event.flow for event in events}) == 1


def test_reset_is_for_every_worker(workers: tuple[Flask, Flask]) -> None:
    first, second = workers
    tokens = Flow(first).tokens()
    Controller(runtime_of(first)).users["alice"].disable()
    Controller(runtime_of(second)).reset()
    assert Flow(first).refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert Flow(first).tokens()
    assert Controller(runtime_of(second)).events.find("login")


def test_a_failure_scripted_once_happens_once_over_all_workers(workers: tuple[Flask, Flask]) -> None:
    first, second = (runtime_of(each) for each in workers)
    first.overrides.change(lambda overrides: type(overrides)(faults=(Scripted(1, "expired"),)))
    second.follow()
    taken = [each.overrides.take("faults", lambda scripted: True) for each in (second, first)]
    assert [scripted and scripted.name for scripted in taken] == ["expired", None]


def test_a_change_before_a_fault_was_used_up_is_seen_after_it(workers: tuple[Flask, Flask]) -> None:
    """A worker that uses one up reads the newest controls, and has not put them in force yet."""
    first, second = workers
    control, other = Controller(runtime_of(first)), runtime_of(second)
    token = Flow(first).tokens()["access_token"]
    control.arm("expired")
    assert Flow(second).introspect(token)["active"]
    control.clock.advance("2h")
    control.users["bob"].disable()
    assert other.overrides.take("faults", lambda scripted: True) is not None
    assert not Flow(second).introspect(token)["active"]
    assert "User bob is disabled" in refused_login(second)


def test_a_fault_cleared_by_another_worker_is_not_used_up(workers: tuple[Flask, Flask]) -> None:
    first, second = workers
    Controller(runtime_of(first)).arm("expired")
    runtime_of(second).follow()
    Controller(runtime_of(first)).armed.clear()
    assert runtime_of(second).overrides.take("faults", lambda scripted: True) is None


def test_a_key_that_both_need_first_is_one(workers: tuple[Flask, Flask]) -> None:
    barrier = threading.Barrier(2)
    published: list[str] = []

    def ask(app: Flask) -> None:
        barrier.wait()
        published.append(app.test_client().get("/default/.well-known/jwks.json").text)

    threads = [threading.Thread(target=ask, args=(app,)) for app in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert published[0] == published[1]
    assert len(json.loads(published[0])["keys"]) == 1


def test_another_start_over_the_same_folder_begins_as_the_seed_has_it(
    workers: tuple[Flask, Flask], tmp_path: Path
) -> None:
    control = Controller(runtime_of(workers[0]))
    control.clock.advance("2h")
    control.users["bob"].disable()
    later = create_app(Config(PUBLIC_URL, data_dir=tmp_path))
    assert Controller(runtime_of(later)).clock.state.offset == 0
    assert Flow(later).tokens("bob")
    runtime_of(later).close()
