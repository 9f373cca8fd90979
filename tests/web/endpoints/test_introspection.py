"""Token introspection (RFC 7662): what a token is worth at this moment."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc import jwt

from devidp.system.clock import Clock
from devidp.web.control.controller import Controller
from tests.flow import MCP, REDIRECT_URI, VERIFIER, Flow, payload
from tests.protocol.test_dpop import proof
from tests.refusal import description, refusal
from tests.shipped import PUBLIC_URL, Start, shipped


@pytest.mark.contract
def test_an_access_token_is_active_with_its_claims(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    answer = flow.introspect(token)
    assert answer == {"active": True, "token_type": "Bearer", "username": "alice", **payload(token)}
    assert (answer["aud"], answer["client_id"], answer["scope"]) == (MCP, "web", "openid mcp:read")


@pytest.mark.contract
def test_a_refresh_token_is_active(flow: Flow, frozen: Clock) -> None:
    token = flow.tokens()["refresh_token"]
    assert flow.introspect(token) == {
        "active": True,
        "token_type": "Bearer",
        "token_use": "refresh_token",
        "iss": f"{PUBLIC_URL}/default",
        "client_id": "web",
        "username": "alice",
        "sub": "alice",
        "scope": "openid mcp:read",
        "exp": frozen.seconds() + 30 * 86400,
    }


@pytest.mark.parametrize(
    ("required", "active"), [("", True), ("mcp:read", True), ("mcp:read openid", True), ("mcp:read mcp:write", False)]
)
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_token_has_the_scopes_that_a_request_requires_or_is_inactive(
    flow: Flow, kind: str, required: str, active: bool
) -> None:
    asked = {"token": flow.tokens()[kind], "scope": required}
    answer = flow.http.post("/default/introspect", data=asked, auth=("web", "web-secret")).get_json()
    assert answer["active"] is active
    assert active or answer == {"active": False}


def test_the_answer_may_not_be_cached(flow: Flow) -> None:
    response = flow.http.post("/default/introspect", data={"token": "x"}, auth=("web", "web-secret"))
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "é", "\0", "x" * 50_000, '"', "e30.e30."])
@pytest.mark.contract
def test_whatever_is_no_token_is_inactive(flow: Flow, token: str) -> None:
    assert flow.introspect(token) == {"active": False}


def test_codes_and_id_tokens_are_inactive(flow: Flow) -> None:
    assert flow.introspect(flow.tokens()["id_token"]) == {"active": False}
    assert flow.introspect(flow.redirect()["code"]) == {"active": False}


@pytest.mark.contract
def test_revoked_tokens_are_inactive(flow: Flow) -> None:
    first, second = flow.tokens(), flow.tokens()
    flow.revoke(first["access_token"])
    flow.revoke(second["refresh_token"])
    assert flow.introspect(first["access_token"]) == {"active": False}
    assert flow.is_active(first["refresh_token"])
    assert flow.introspect(second["access_token"]) == {"active": False}
    assert flow.introspect(second["refresh_token"]) == {"active": False}


@pytest.mark.contract
def test_a_used_refresh_token_is_inactive(flow: Flow) -> None:
    token = flow.tokens()["refresh_token"]
    successor = flow.refresh(token).get_json()["refresh_token"]
    assert flow.introspect(token) == {"active": False}
    assert flow.is_active(successor)


@pytest.mark.contract
def test_tokens_are_active_until_they_expire(flow: Flow, frozen: Clock) -> None:
    tokens = flow.tokens()
    frozen.advance(3599)
    assert flow.is_active(tokens["access_token"])
    frozen.advance(1)
    assert flow.introspect(tokens["access_token"]) == {"active": False}
    frozen.advance(30 * 86400)
    assert flow.introspect(tokens["refresh_token"]) == {"active": False}


@pytest.mark.parametrize(
    "change",
    [
        {"users": {"bob": {"disabled": True}}},
        {"users": {"bob": None}},
        {"clients": {"spa": None}},
    ],
)
@pytest.mark.contract
def test_tokens_of_a_user_or_client_that_is_gone_or_disabled_are_inactive(flow: Flow, change: dict[str, Any]) -> None:
    tokens = flow.tokens("bob", "spa")
    flow.runtime.adopt(shipped(**change))
    assert flow.introspect(tokens["access_token"]) == {"active": False}
    assert flow.introspect(tokens["refresh_token"]) == {"active": False}
    flow.runtime.adopt(shipped())
    assert flow.is_active(tokens["access_token"])


@pytest.mark.contract
def test_tokens_of_another_issuer_are_inactive(flow: Flow) -> None:
    tokens = flow.tokens()
    enterprise = flow.at("enterprise")
    assert enterprise.introspect(tokens["access_token"]) == {"active": False}
    assert enterprise.introspect(tokens["refresh_token"]) == {"active": False}


def test_another_client_may_ask_if_it_authenticates(flow: Flow) -> None:
    token = flow.tokens(client="spa")["access_token"]
    response = flow.http.post("/default/introspect", data={"token": token}, auth=("service", "service-secret"))
    assert response.get_json()["client_id"] == "spa"


def test_a_public_client_may_not_ask(flow: Flow) -> None:
    refused = flow.http.post("/default/introspect", data={"token": "x", "client_id": "spa"})
    assert refusal(refused) == (401, "invalid_client")
    assert "'spa' is public, and introspection needs a client that authenticates" in description(refused)


def test_nobody_may_ask_without_credentials(flow: Flow) -> None:
    assert refusal(flow.http.post("/default/introspect", data={"token": "x"})) == (401, "invalid_client")
    refused = flow.http.post("/default/introspect", data={"token": "x"}, auth=("web", "wrong"))
    assert refusal(refused) == (401, "invalid_client")
    assert refused.headers["WWW-Authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "made_up", "é"])
def test_a_hint_says_where_to_look_first_and_a_wrong_one_is_noted(flow: Flow, hint: str) -> None:
    for name in ("access_token", "refresh_token"):
        data = {"token": flow.tokens()[name], "token_type_hint": hint}
        assert flow.http.post("/default/introspect", data=data, auth=("web", "web-secret")).get_json()["active"]
        noted = f"token_type_hint was '{hint}', and the token is of the type {name}"
        assert flow.runtime.event_log.since()[0][-1].detail == ("" if hint == name else noted)


def test_a_refresh_token_tells_itself_from_an_access_token_and_says_its_key(flow: Flow) -> None:
    code = flow.redirect(client_id="spa")["code"]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER}
    answer = flow.http.post("/default/token", data={"client_id": "spa", **sent}, headers={"DPoP": proof()}).get_json()
    refresh, access = flow.introspect(answer["refresh_token"]), flow.introspect(answer["access_token"])
    assert (refresh["token_use"], refresh["token_type"], refresh["cnf"]) == ("refresh_token", "DPoP", access["cnf"])
    assert "token_use" not in access


@pytest.mark.parametrize("way", [{"not_before": "1h"}, {"fault": "nbf-future"}, {"claims": {"nbf": "soon"}}])
def test_a_token_that_is_not_valid_yet_is_inactive(flow: Flow, frozen: Clock, way: dict[str, Any]) -> None:
    token = Controller(flow.runtime).mint(user="alice", scope="openid", lifetime="2h", **way).token
    assert flow.introspect(token) == {"active": False}
    refused = flow.userinfo(token)
    assert refusal(refused) == (401, "invalid_token")
    assert "is not valid yet" in description(refused)
    frozen.advance(3600)
    assert flow.is_active(token) is ("claims" not in way)


def test_a_token_of_a_clock_that_goes_back_is_not_valid_yet(flow: Flow, frozen: Clock) -> None:
    token = Controller(flow.runtime).mint(user="alice", scope="openid", not_before=0).token
    assert flow.is_active(token)
    frozen.advance(-1)
    assert flow.introspect(token) == {"active": False}
    assert refusal(flow.userinfo(token)) == (401, "invalid_token")


def test_a_token_that_a_fault_put_into_the_future_is_inactive(flow: Flow) -> None:
    Controller(flow.runtime).arm("nbf-future")
    token = flow.tokens(scope="openid")["access_token"]
    assert flow.introspect(token) == {"active": False}
    assert refusal(flow.userinfo(token)) == (401, "invalid_token")


@pytest.mark.parametrize(
    ("data", "words"), [({"x": "y"}, "'token' is missing"), ({"token": ["a", "b"]}, "came 2 times")]
)
def test_one_token_must_come(flow: Flow, data: dict[str, Any], words: str) -> None:
    refused = flow.http.post("/default/introspect", data=data, auth=("web", "web-secret"))
    assert refusal(refused) == (400, "invalid_request")
    assert words in description(refused)


@pytest.mark.parametrize("name", ["iss", "sub", "client_id", "scope", "jti", "exp"])
@pytest.mark.parametrize("value", [None, [], {}, 1.5])
def test_a_token_of_our_key_with_claims_that_are_not_ours_is_inactive(start: Start, name: str, value: object) -> None:
    flow = start()
    key = flow.issuer.keys.active
    claims = payload(flow.tokens()["access_token"])
    claims[name] = value
    if value is None:
        del claims[name]
    token = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, claims, key.jwk)
    assert flow.introspect(token) == {"active": False}
    assert refusal(flow.userinfo(token)) == (401, "invalid_token")
    assert flow.revoke(token).status_code == 200
