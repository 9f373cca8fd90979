"""The password grant: off until a seed names it, and then as strict as the others."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from devidp.oauth import names
from devidp.web.control.controller import Controller
from tests.flow import MCP, Flow, payload
from tests.protocol.test_dpop import proof
from tests.refusal import description, refusal
from tests.shipped import Start, shipped

ISSUER: dict[str, Any] = {"grants": [*names.DEFAULT_GRANTS, "password"]}
WEB = {"grants": ["authorization_code", "refresh_token", "password"]}
SPA = {"grants": ["authorization_code", "refresh_token", "password"]}


@pytest.fixture
def on(start: Start) -> Flow:
    return start(ISSUER, clients={"web": WEB, "spa": SPA})


def ask(
    flow: Flow, username: str = "alice", password: str | None = None, client: str = "web", **more: Any
) -> TestResponse:
    form = {"username": username, "password": username if password is None else password, "scope": "openid mcp:read"}
    return flow.token(client, **{"grant_type": "password", **form, **more})


def test_it_is_off_and_the_remedy_switches_it_on(start: Start) -> None:
    flow = start()
    assert "password" not in flow.metadata()["grant_types_supported"]
    refused = ask(flow)
    assert refusal(refused) == (400, "unsupported_grant_type")
    assert "add password to 'grants' of the issuer default and of the client in the seed" in description(refused)
    assert "in the seed" not in description(flow.token("web", grant_type="made:up"))
    flow = start(ISSUER)
    assert "password" in flow.metadata()["grant_types_supported"]
    refused = ask(flow)
    assert refusal(refused) == (400, "unauthorized_client")
    assert "Add the grant to the client in the seed" in description(refused)
    assert ask(start(ISSUER, clients={"web": WEB})).status_code == 200


def test_whoever_switches_it_on_is_warned() -> None:
    assert not [warning for warning in shipped().warnings if "password" in warning]
    (warning,) = shipped(ISSUER).warnings
    assert "issuers.default.grants: the grant password is on" in warning
    assert "OAuth 2.1 has removed it" in warning
    (warning,) = shipped(clients={"web": WEB}).warnings
    assert "no issuer of this client supports password; add it to `grants` of default, enterprise" in warning


def test_a_password_becomes_every_token_of_a_login(on: Flow) -> None:
    answer = ask(on, scope="openid mcp:read offline_access").get_json()
    assert (answer["token_type"], answer["scope"]) == ("Bearer", "openid mcp:read offline_access")
    claims, identity = payload(answer["access_token"]), payload(answer["id_token"])
    assert (claims["sub"], claims["client_id"], claims["aud"], claims["roles"]) == ("alice", "web", MCP, ["admin"])
    assert (identity["sub"], identity["aud"], identity["amr"], identity["acr"]) == ("alice", "web", ["pwd"], "1")
    assert on.userinfo(answer["access_token"]).get_json()["sub"] == "alice"
    refreshed = on.refresh(answer["refresh_token"]).get_json()
    assert payload(refreshed["id_token"])["auth_time"] == identity["auth_time"]
    assert payload(refreshed["access_token"])["acr"] == "1"


def test_a_public_client_may_use_it_too(on: Flow) -> None:
    assert payload(ask(on, client="spa").get_json()["access_token"])["client_id"] == "spa"


def test_it_gives_what_user_and_resource_allow(on: Flow) -> None:
    assert ask(on, "bob", scope="mcp:read mcp:write").get_json()["scope"] == "mcp:read"
    assert refusal(ask(on, "bob", scope="mcp:write")) == (400, "invalid_scope")
    assert (
        payload(ask(on, resource="http://localhost:9/api").get_json()["access_token"])["aud"]
        == "http://localhost:9/api"
    )
    assert refusal(ask(on, resource="https://api.example/")) == (400, "invalid_target")


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("alice", "wrong", "That is not the password of alice"),
        ("alcie", "alice", "There is no user alcie"),
        ("mallory", "mallory", "User mallory is disabled"),
        ("carol", "carol", "User carol has no password"),
    ],
)
def test_anybody_else_is_refused_with_the_reason(start: Start, username: str, password: str, said: str) -> None:
    flow = start(ISSUER, clients={"web": WEB}, users={"carol": {}})
    refused = ask(flow, username, password)
    assert refusal(refused) == (400, "invalid_grant")
    assert said in description(refused)


@pytest.mark.parametrize("missing", ["username", "password"])
def test_both_are_needed(on: Flow, missing: str) -> None:
    refused = ask(on, **{missing: ""})
    assert refusal(refused) == (400, "invalid_request")
    assert f"'{missing}'" in description(refused)


def test_guesses_are_limited_with_those_at_the_login_page(start: Start) -> None:
    flow = start({**ISSUER, "failed_logins": {"limit": 2, "within": "10m"}}, clients={"web": WEB})
    ask(flow, password="wrong")
    flow.post(flow.authorize(), username="alice", password="wrong")
    refused = ask(flow)
    assert refusal(refused) == (429, "access_denied")
    assert 0 < int(refused.headers["Retry-After"]) <= 600
    assert flow.log_in(flow.authorize()).status_code == 429


def test_a_user_who_always_has_a_second_factor_is_sent_to_the_page(start: Start) -> None:
    flow = start({**ISSUER, "second_factor": "always"}, clients={"web": WEB}, users={"alice": {"mfa": "totp"}})
    assert ask(flow, "bob").status_code == 200
    refused = ask(flow)
    assert refusal(refused) == (400, "invalid_grant")
    assert "logs in with a second factor, for which this grant has no place" in description(refused)


def test_its_tokens_end_with_all_of_their_user(on: Flow) -> None:
    answers = [ask(on).get_json(), ask(on, scope="mcp:read", client="spa").get_json()]
    Controller(on.runtime).users["alice"].revoke()
    for answer in answers:
        assert not on.is_active(answer["access_token"])
        assert not on.is_active(answer["refresh_token"])
    assert on.is_active(ask(on).get_json()["access_token"])


def test_a_proof_binds_its_tokens(on: Flow) -> None:
    form = {"grant_type": "password", "username": "alice", "password": "alice", "client_id": "spa"}
    answer = on.http.post("/default/token", data=form, headers={"DPoP": proof()}).get_json()
    assert answer["token_type"] == "DPoP"
    assert refusal(on.refresh(answer["refresh_token"], "spa")) == (400, "invalid_grant")


def test_faults_failures_and_events_know_it(on: Flow) -> None:
    control = Controller(on.runtime)
    control.arm("expired", grant="password")
    claims = payload(ask(on).get_json()["access_token"])
    assert claims["exp"] < on.runtime.clock.now()
    control.failures.fail("token", error="invalid_client", grant="password")
    assert refusal(ask(on))[1] == "invalid_client"
    assert ask(on).status_code == 200
    event = control.events.assert_seen("token", grant="password", status=200)
    assert (event.user, event.client, event.scope) == ("alice", "web", "openid mcp:read")
    assert refusal(ask(on, password="s3cret-guess")) == (400, "invalid_grant")
    assert control.events.assert_seen("token", grant="password", error="invalid_grant").client == "web"
    assert "s3cret-guess" not in repr(control.events.find())
