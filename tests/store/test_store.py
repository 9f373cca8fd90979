"""What devidp remembers: under its issuer, used up once, as hashes, and no longer than needed."""

from __future__ import annotations

import random
import string
from dataclasses import replace
from pathlib import Path

import pytest

from devidp.models import AuthorizationCode, Grant, RefreshToken, Registration, Session
from devidp.oauth.identifiers import new_grant
from devidp.store import Database, Store, open_database
from devidp.store.store import purge

CODE = AuthorizationCode(
    grant_id="g",
    client_id="web",
    username="alice",
    redirect_uri="http://localhost/cb",
    redirect_uri_sent=True,
    scope=("openid", "write:*"),
    resources=("http://localhost:8000/mcp",),
    code_challenge="c",
    code_challenge_method="S256",
    nonce=None,
    auth_time=5,
    expires_at=100,
)
REFRESH = RefreshToken("g", "web", "alice", ("openid",), (), auth_time=5, expires_at=200)
SESSION = Session("alice", auth_time=5, expires_at=300)
CLIENT = Registration({"client_name": "é", "redirect_uris": ["a"]}, registered_at=1)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "default")


@pytest.fixture
def other(database: Database) -> Store:
    return Store(database, "other")


def test_a_record_comes_back_as_it_was(store: Store) -> None:
    store.add_code("code", CODE)
    store.add_refresh_token("token", REFRESH)
    store.sessions.add("session", SESSION)
    store.clients.add("client", CLIENT, None)
    assert store.find_code("code") == CODE
    assert store.find_refresh_token("token") == REFRESH
    assert store.sessions.find("session") == SESSION
    assert store.clients.find("client") == CLIENT


def test_another_issuer_finds_nothing(store: Store, other: Store) -> None:
    store.add_code("code", CODE)
    store.add_refresh_token("token", REFRESH)
    store.sessions.add("session", SESSION)
    store.clients.add("client", CLIENT, None)
    store.consents.add("web", "alice", ["openid"], 1)
    store.revoke("jti", 100)
    assert other.find_code("code") is None
    assert other.find_refresh_token("token") is None
    assert other.sessions.find("session") is None
    assert other.clients.find("client") is None
    assert other.consents.find("web", "alice") == frozenset()
    assert other.is_good("jti")
    assert not other.consume_code("code", 1, 2, "new", REFRESH)
    assert not other.rotate_refresh_token("token", 1, "new", REFRESH)
    other.sessions.remove("session")
    assert store.sessions.find("session") == SESSION


def test_a_code_is_consumed_once_with_its_refresh_token(store: Store) -> None:
    store.add_code("code", CODE)
    assert store.consume_code("code", 50, 500, "first", REFRESH)
    assert not store.consume_code("code", 51, 500, "second", REFRESH)
    used = store.find_code("code")
    assert used is not None
    assert used.used_at == 50
    assert store.find_refresh_token("first") == REFRESH
    assert store.find_refresh_token("second") is None


def test_a_code_can_be_used_up_without_a_refresh_token(store: Store) -> None:
    store.add_code("code", CODE)
    assert store.consume_code("code", 50, 500, None, REFRESH)


def test_a_refresh_token_is_rotated_once(store: Store) -> None:
    store.add_refresh_token("token", REFRESH)
    assert store.rotate_refresh_token("token", 50, "first", REFRESH)
    assert not store.rotate_refresh_token("token", 51, "second", REFRESH)
    used = store.find_refresh_token("token")
    assert used is not None
    assert used.used_at == 50
    assert store.find_refresh_token("second") is None


def test_what_is_unknown_can_neither_be_used_nor_rotated(store: Store) -> None:
    assert not store.consume_code("nothing", 1, 2, None, None)
    assert not store.rotate_refresh_token("nothing", 1, "new", REFRESH)
    assert store.find_refresh_token("new") is None


def test_revocation_reaches_one_token(store: Store) -> None:
    store.revoke("jti", 100)
    assert not store.is_good("jti")
    assert store.is_good("another jti")


def test_a_grant_ends_with_what_came_of_it_at_any_issuer(store: Store, other: Store) -> None:
    first, stranger = new_grant(), new_grant()
    child = new_grant(parent=first)
    grandchild = new_grant(parent=child)
    every = (first, child, grandchild, stranger)
    store.grants.add(Grant(first, "web", "alice"), 100)
    other.grants.add(Grant(child, "api", "alice"), 100)
    other.grants.add(Grant(grandchild, "api", "bob"), 100)
    store.grants.add(Grant(stranger, "web", "bob"), 100)
    other.grants.end(first)
    assert all(store.grants.is_alive(each) for each in every)
    assert other.grants.end_all_of("alice") == 1
    assert [store.grants.is_alive(each) for each in every] == [True, False, False, True]
    store.grants.end(first)
    assert [store.grants.is_alive(each) for each in every] == [False, False, False, True]


def test_an_ended_or_deleted_grant_does_not_come_back(store: Store, database: Database) -> None:
    store.grants.add(Grant("g", "web", "alice"), 100)
    store.grants.end("g")
    store.grants.add(Grant("g", "web", "alice"), 200)
    assert not store.grants.is_alive("g")
    purge(database, 201, 201)
    assert not store.grants.is_alive("g")


def test_a_grant_is_kept_for_the_newest_token_that_came_of_it(store: Store, database: Database) -> None:
    grant = new_grant()
    child = new_grant(parent=grant)
    store.grants.add(Grant(grant, "web", "alice"), 100)
    store.grants.add(Grant(child, "api", "alice"), 100)
    store.grants.keep(child, 200)
    store.grants.keep(child, 150)
    purge(database, 199, 199)
    assert store.grants.is_alive(child)
    purge(database, 201, 201)
    assert not store.grants.is_alive(child)


def test_revoking_twice_keeps_the_later_end(store: Store, database: Database) -> None:
    store.revoke("jti", 200)
    store.revoke("jti", 100)
    purge(database, 150, 150)
    assert not store.is_good("jti")


def test_consents_add_up_for_each_user_and_client(store: Store) -> None:
    store.consents.add("web", "alice", ["b", "a"], 1)
    store.consents.add("web", "alice", ["c"], 2)
    store.consents.add("web", "bob", ["d"], 2)
    assert store.consents.find("web", "alice") == {"a", "b", "c"}
    assert store.consents.find("spa", "alice") == frozenset()


def test_purging_takes_what_has_expired_and_nothing_else(store: Store, other: Store, database: Database) -> None:
    store.add_code("code", CODE)
    other.add_refresh_token("token", REFRESH)
    store.sessions.add("session", SESSION)
    store.revoke("jti", 400)
    store.clients.add("client", CLIENT, None)
    store.consents.add("web", "alice", ["openid"], 1)
    assert purge(database, 100, 100) == 0
    assert purge(database, 101, 101) == 1
    assert store.find_code("code") is None
    assert other.find_refresh_token("token") == REFRESH
    assert purge(database, 401, 401) == 3
    assert store.is_good("jti")
    assert store.clients.find("client") == CLIENT
    assert store.consents.find("web", "alice") == {"openid"}


def test_a_used_code_is_kept_for_as_long_as_its_tokens(store: Store, database: Database) -> None:
    store.add_code("code", CODE)
    store.consume_code("code", 50, 5000, "token", REFRESH)
    purge(database, 4999, 4999)
    assert store.find_code("code") is not None


def test_neither_codes_nor_tokens_nor_sessions_are_on_disk(tmp_path: Path) -> None:
    database = open_database(tmp_path / "devidp.db")
    store = Store(database, "default")
    store.add_code("the-code", CODE)
    store.consume_code("the-code", 1, 2, "the-refresh-token", REFRESH)
    store.rotate_refresh_token("the-refresh-token", 1, "the-successor", REFRESH)
    store.sessions.add("the-session", SESSION)
    database.close()
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"alice" in written
    for secret in (b"the-code", b"the-refresh-token", b"the-successor", b"the-session"):
        assert secret not in written


def test_sessions_are_listed_newest_first_while_they_last(store: Store, other: Store) -> None:
    for name, user, end in (("1", "alice", 300), ("2", "bob", 400), ("3", "alice", 500)):
        store.sessions.add(name, Session(user, auth_time=5, expires_at=end, sid=f"sid-{name}"))
    assert [each.sid for each in store.sessions.select(0, 10)] == ["sid-3", "sid-2", "sid-1"]
    assert [each.sid for each in store.sessions.select(300, 10, username="alice")] == ["sid-3"]
    assert [each.sid for each in store.sessions.select(0, 1)] == ["sid-3"]
    assert (store.sessions.count(0), store.sessions.count(0, sid="sid-2"), other.sessions.count(0)) == (3, 1, 0)


def test_authorizations_are_listed_with_what_became_of_them(store: Store) -> None:
    parent = new_grant()
    child = new_grant(parent=parent)
    store.grants.add(Grant(parent, "web", "alice", "sid", offline=True), 300)
    store.grants.add(Grant(child, "spa", "alice"), 200)
    assert [(each.grant.grant_id, each.alive) for each in store.grants.select(0, 10)] == [(parent, True), (child, True)]
    assert store.grants.select(0, 10, client_id="web")[0].grant == Grant(parent, "web", "alice", "sid", offline=True)
    store.grants.end(parent)
    assert [each.alive for each in store.grants.select(0, 10)] == [False, False]
    assert (store.grants.count(250), store.grants.count(0, username="bob")) == (1, 0)


def test_the_refresh_token_of_a_grant_is_the_one_that_can_be_used(store: Store) -> None:
    store.add_refresh_token("1", REFRESH)
    assert store.rotate_refresh_token("1", 10, "2", replace(REFRESH, expires_at=300))
    assert store.refresh_tokens_of(["g", "other"]) == {"g": replace(REFRESH, expires_at=300)}
    store.rotate_refresh_token("2", 20, "3", replace(REFRESH, grant_id="h"))
    assert store.refresh_tokens_of(["g"])["g"].used_at == 20
    assert store.refresh_tokens_of([]) == {}


def test_consents_are_listed_and_forgotten(store: Store) -> None:
    store.consents.add("web", "alice", ["b", "a"], 1)
    store.consents.add("spa", "alice", ["c"], 2)
    found = [(each.client_id, each.scopes, each.granted_at) for each in store.consents.of("alice")]
    assert found == [("spa", ("c",), 2), ("web", ("a", "b"), 1)]
    assert (store.consents.forget("alice", "web"), store.consents.forget("alice"), store.consents.of("alice")) == (
        1,
        1,
        [],
    )


def test_registered_clients_are_searched(store: Store, other: Store) -> None:
    for name, at in (("100% Öl_", 1), ("Back\\slash", 2), ("Other", 3)):
        store.clients.add(name.lower()[:2], Registration({"client_name": name}, registered_at=at), None)
    assert [each.registered_at for _, each in store.clients.select("", 2)] == [3, 2]
    for part, found in (("100%", 1), ("öl_", 0), ("Öl_", 1), ("k\\s", 1), ("OTHER", 1), ("%", 1)):
        assert store.clients.count(part) == len(store.clients.select(part, 10)) == found, part
    assert other.clients.count("") == 0


LONG = "".join(random.Random(0).choices(string.ascii_letters, k=9_000))
"""Longer than what PostgreSQL has in an index, and nothing that it could compress."""


@pytest.mark.parametrize("name", [LONG, "a\0b"], ids=["long", "with NUL"])
def test_a_name_that_somebody_chose_may_be_any_text(store: Store, name: str) -> None:
    for token_id in (name, f"{name}2"):
        assert store.is_good(token_id)
        store.revoke(token_id, 5)
        assert not store.is_good(token_id)
    store.grants.add(Grant(name, "web", "alice", sid=name), 5)
    assert store.grants.is_alive(name)
    store.amendments.add(name, {"active": False}, 5)
    assert store.amendments.find("token", name)[1] == {"active": False}
    store.last_grants.keep("web", "alice", name, "g", ["openid"], 5)
    assert store.last_grants.find("web", "alice", name, 1) == ("g", ("openid",))
    assert store.clients.find(name) is None
    assert store.grants.clients_of_session(name) == ("web",)
    assert store.grants.end_session(name, grants=True) == ("web",)
    assert not store.grants.is_alive(name)
