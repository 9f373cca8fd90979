"""Token revocation (RFC 7009)."""

from __future__ import annotations

from pathlib import Path

import pytest

from devidp.system.clock import Clock
from devidp.web.control.controller import Controller
from tests.flow import Flow
from tests.refusal import description, refusal
from tests.shipped import Start, shipped

pytestmark = pytest.mark.contract


def test_revoking_a_refresh_token_ends_everything_of_its_grant(flow: Flow) -> None:
    first = flow.tokens()
    second = flow.refresh(first["refresh_token"]).get_json()
    response = flow.revoke(second["refresh_token"])
    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["Cache-Control"] == "no-store"
    for token in (first["access_token"], second["access_token"], second["refresh_token"]):
        assert not flow.is_active(token)
    assert refusal(flow.refresh(second["refresh_token"])) == (400, "invalid_grant")


def test_revoking_an_access_token_ends_it_alone(flow: Flow) -> None:
    first = flow.tokens()
    second = flow.refresh(first["refresh_token"]).get_json()
    assert flow.revoke(second["access_token"]).status_code == 200
    assert not flow.is_active(second["access_token"])
    assert flow.is_active(first["access_token"])
    assert flow.refresh(second["refresh_token"]).status_code == 200


def test_an_old_refresh_token_of_the_family_ends_it_too(flow: Flow) -> None:
    first = flow.tokens()
    second = flow.refresh(first["refresh_token"]).get_json()
    flow.revoke(first["refresh_token"])
    assert not flow.is_active(second["refresh_token"])


def test_revoking_twice_is_no_mistake(flow: Flow) -> None:
    token = flow.tokens()["refresh_token"]
    assert [flow.revoke(token).status_code for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "é", "\0", "x" * 50_000])
def test_an_unknown_token_is_no_mistake(flow: Flow, token: str) -> None:
    assert flow.revoke(token).status_code == 200


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "made_up", "é", ""])
def test_a_wrong_or_unknown_hint_does_not_hinder_and_is_noted(flow: Flow, hint: str) -> None:
    tokens = flow.tokens()
    for name in ("access_token", "refresh_token"):
        assert flow.revoke(tokens[name], token_type_hint=hint).status_code == 200
        noted = f"token_type_hint was '{hint}', and the token is of the type {name}"
        assert flow.runtime.event_log.since()[0][-1].detail == ("" if hint in (name, "") else noted)
        assert not flow.is_active(tokens[name])


@pytest.mark.parametrize(("way", "then"), [({"not_before": "1h"}, 3600), ({"lifetime": "1s"}, 0)])
def test_a_token_that_is_good_only_at_another_time_can_be_revoked_now(
    flow: Flow, frozen: Clock, way: dict[str, str], then: int
) -> None:
    token = Controller(flow.runtime).mint(user="alice", client="web", **way).token
    frozen.advance(1)
    assert not flow.is_active(token)
    assert flow.revoke(token).status_code == 200
    frozen.advance(then - 1)
    assert not flow.is_active(token)


def test_a_token_that_never_ends_can_be_revoked(flow: Flow) -> None:
    token = Controller(flow.runtime).mint(user="alice", client="web", claims={"exp": 10**13}).token
    assert flow.is_active(token)
    assert flow.revoke(token).status_code == 200
    flow.runtime.purge()
    assert not flow.is_active(token)


def test_a_public_client_revokes_by_its_id(flow: Flow) -> None:
    tokens = flow.tokens(client="spa")
    assert flow.revoke(tokens["refresh_token"], "spa").status_code == 200
    assert not flow.is_active(tokens["access_token"])


@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
@pytest.mark.parametrize("stranger", ["spa", "service"])
def test_a_token_of_another_client_is_refused_and_lives(flow: Flow, name: str, stranger: str) -> None:
    token = flow.tokens()[name]
    refused = flow.revoke(token, stranger)
    assert refusal(refused) == (400, "invalid_grant")
    assert f"was issued to client 'web', not to '{stranger}'" in description(refused)
    assert flow.is_active(token)


@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_a_token_of_another_issuer_is_unknown_and_lives(flow: Flow, name: str) -> None:
    token = flow.tokens()[name]
    assert flow.at("enterprise").revoke(token).status_code == 200
    assert flow.is_active(token)


def test_a_client_must_say_who_it_is(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    refused = flow.http.post("/default/revoke", data={"token": token})
    assert refusal(refused) == (401, "invalid_client")
    refused = flow.http.post("/default/revoke", data={"token": token}, auth=("web", "wrong"))
    assert refusal(refused) == (401, "invalid_client")
    assert refused.headers["WWW-Authenticate"].startswith("Basic")
    assert flow.is_active(token)


def test_a_token_must_come_once(flow: Flow) -> None:
    assert refusal(flow.http.post("/default/revoke", data={"x": "y"}, auth=("web", "web-secret"))) == (
        400,
        "invalid_request",
    )
    data = {"token": ["a", "b"]}
    assert refusal(flow.http.post("/default/revoke", data=data, auth=("web", "web-secret"))) == (400, "invalid_request")


def test_a_revocation_lasts_as_long_as_the_tokens(start: Start, frozen: Clock) -> None:
    flow = start({"lifetimes": {"access_token": "1h", "refresh_token": "1d"}})
    first, second = flow.tokens(), flow.tokens()
    flow.revoke(first["access_token"])
    flow.revoke(second["refresh_token"])
    frozen.advance(3599)
    flow.runtime.purge()
    assert not flow.is_active(first["access_token"])
    assert not flow.is_active(second["access_token"])
    frozen.advance(86400 - 3600)
    flow.runtime.purge()
    assert not flow.is_active(second["refresh_token"])
    assert refusal(flow.refresh(second["refresh_token"])) == (400, "invalid_grant")


def test_a_revocation_survives_a_restart(start: Start, tmp_path: Path) -> None:
    flow = start(data=tmp_path)
    tokens, kept = flow.tokens(), flow.tokens()
    flow.revoke(tokens["refresh_token"])
    again = start(data=tmp_path)
    assert not again.is_active(tokens["access_token"])
    assert refusal(again.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert again.is_active(kept["access_token"])
    assert again.refresh(kept["refresh_token"]).status_code == 200


def test_a_revocation_outlives_lifetimes_that_are_shortened_afterwards(start: Start, frozen: Clock) -> None:
    flow = start({"lifetimes": {"access_token": "1h", "refresh_token": "10d"}})
    tokens = flow.tokens()
    flow.runtime.adopt(shipped({"lifetimes": {"access_token": "1m", "refresh_token": "1m"}}))
    flow.revoke(tokens["refresh_token"])
    assert not flow.is_active(tokens["access_token"])
    frozen.advance(3000)
    flow.runtime.purge()
    assert not flow.is_active(tokens["access_token"])
    assert refusal(flow.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
