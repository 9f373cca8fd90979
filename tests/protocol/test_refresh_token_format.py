"""Refresh tokens as JWTs: readable by their clients, and worth what the issuer has stored of them."""

from __future__ import annotations

import json
import time

import pytest
import requests
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from devidp import DevIdP
from devidp.faults import decoding
from devidp.faults.minting.mint import mint
from devidp.faults.minting.request import parse
from devidp.oauth.base64url import encode
from devidp.system.clock import Clock
from tests.flow import Flow, header, payload
from tests.refusal import description, refusal
from tests.shipped import Start, shipped

DAY = 86400


@pytest.fixture
def flow(start: Start, frozen: Clock) -> Flow:
    return start({"refresh_grace": 0, "refresh_token_format": "jwt"})


def test_it_says_whose_it_is_and_until_when(flow: Flow, frozen: Clock) -> None:
    first = flow.tokens()
    claims = payload(first["refresh_token"])
    assert claims.pop("jti")
    assert claims == {
        "iss": flow.issuer.url,
        "aud": flow.issuer.url,
        "sub": payload(first["access_token"])["sub"],
        "azp": "web",
        "typ": "Refresh",
        "scope": "openid mcp:read",
        "sid": payload(first["id_token"])["sid"],
        "iat": frozen.seconds(),
        "exp": frozen.seconds() + 30 * DAY,
    }


def test_one_for_offline_access_says_so(flow: Flow) -> None:
    token = flow.tokens(scope="openid offline_access", prompt="consent")["refresh_token"]
    assert payload(token)["typ"] == "Offline"


def test_it_is_refreshed_like_any_other(flow: Flow, frozen: Clock) -> None:
    token = flow.tokens()["refresh_token"]
    for _ in range(3):
        frozen.advance(60)
        successor = flow.refresh(token).get_json()["refresh_token"]
        assert payload(successor)["jti"] != payload(token)["jti"]
        assert payload(successor)["exp"] == payload(token)["exp"] + 60
        token = successor
    assert flow.is_active(token)


def test_a_narrowed_refresh_leaves_its_scope_as_it_was_granted(flow: Flow) -> None:
    narrowed = flow.refresh(flow.tokens()["refresh_token"], scope="openid").get_json()
    assert narrowed["scope"] == "openid"
    assert payload(narrowed["refresh_token"])["scope"] == "openid mcp:read"


def test_reuse_ends_the_family(flow: Flow) -> None:
    first = flow.tokens()["refresh_token"]
    second = flow.refresh(first).get_json()["refresh_token"]
    assert refusal(flow.refresh(first)) == (400, "invalid_grant")
    assert not flow.is_active(second)


def test_the_grace_window_answers_with_the_same_successor(start: Start, frozen: Clock) -> None:
    flow = start({"refresh_grace": "10s", "refresh_token_format": "jwt"})
    token = flow.tokens()["refresh_token"]
    first = flow.refresh(token).get_json()["refresh_token"]
    frozen.advance(9)
    again = flow.refresh(token).get_json()["refresh_token"]
    assert {**payload(again), "iat": 0} == {**payload(first), "iat": 0}
    assert flow.refresh(again).status_code == 200


def test_it_expires_is_revoked_and_introspected(flow: Flow, frozen: Clock) -> None:
    token, other = (flow.tokens()["refresh_token"] for _ in range(2))
    assert flow.introspect(token)["token_use"] == "refresh_token"
    flow.revoke(token)
    assert not flow.is_active(token)
    assert refusal(flow.refresh(token)) == (400, "invalid_grant")
    frozen.advance(30 * DAY)
    assert not flow.is_active(other)
    assert "expired" in description(flow.refresh(other))


def test_neither_its_id_nor_what_it_is_stored_under_can_be_used(flow: Flow) -> None:
    token = flow.tokens()["refresh_token"]
    jti = payload(token)["jti"]
    for guess in (jti, f"..{jti}", f"{jti}..", f"a.{jti}.b"):
        assert refusal(flow.refresh(guess)) == (400, "invalid_grant"), guess
    assert flow.refresh(token).status_code == 200


@pytest.mark.parametrize("change", [{"exp": 4102444800}, {"jti": "another"}, {"azp": "spa"}])
def test_a_changed_one_is_refused(flow: Flow, change: dict[str, object]) -> None:
    head, _, signature = (token := flow.tokens()["refresh_token"]).split(".")
    forged = f"{head}.{encode(json.dumps(payload(token) | change).encode())}.{signature}"
    assert refusal(flow.refresh(forged)) == (400, "invalid_grant")
    assert not flow.is_active(forged)


def test_no_access_token_is_one_and_it_is_no_access_token(flow: Flow) -> None:
    first = flow.tokens()
    assert refusal(flow.refresh(first["access_token"])) == (400, "invalid_grant")
    assert flow.userinfo(first["refresh_token"]).status_code == 401
    keys = KeySet.import_key_set(flow.http.get(flow.metadata()["jwks_uri"]).get_json())
    assert header(first["refresh_token"])["kid"] not in {key.kid for key in keys}
    with pytest.raises((JoseError, ValueError)):
        jws.deserialize_compact(first["refresh_token"], keys, algorithms=["HS256", "ES256"])


def test_another_issuer_of_the_same_devidp_refuses_it(start: Start) -> None:
    flow = start({"refresh_token_format": "jwt"}, issuers={"other": {"refresh_token_format": "jwt"}})
    token = flow.tokens()["refresh_token"]
    assert refusal(flow.at("other").refresh(token)) == (400, "invalid_grant")


def test_a_client_may_have_a_format_of_its_own(start: Start) -> None:
    flow = start(clients={"spa": {"refresh_token_format": "jwt"}})
    assert "." not in flow.tokens()["refresh_token"]
    token = flow.tokens(client="spa")["refresh_token"]
    assert payload(token)["azp"] == "spa"
    assert payload(flow.refresh(token, "spa").get_json()["refresh_token"])["azp"] == "spa"


def test_every_grant_gives_them_and_a_registered_client_has_the_format_of_the_issuer(start: Start) -> None:
    grants = ["authorization_code", "refresh_token", "password"]
    flow = start({"refresh_token_format": "jwt", "grants": grants}, clients={"web": {"grants": grants}})
    token = flow.token(grant_type="password", username="alice", password="alice", scope="openid").get_json()
    assert payload(token["refresh_token"])["typ"] == "Refresh"
    assert flow.refresh(token["refresh_token"]).status_code == 200
    registered = flow.registered()
    assert payload(flow.tokens(client=registered)["refresh_token"])["azp"] == registered


def test_a_family_keeps_its_format_when_the_seed_changes(start: Start) -> None:
    flow = start({"refresh_token_format": "jwt"})
    token = flow.tokens()["refresh_token"]
    flow.runtime.adopt(shipped())
    assert payload(flow.refresh(token).get_json()["refresh_token"])["typ"] == "Refresh"
    assert "." not in flow.tokens()["refresh_token"]


def test_a_minted_one_can_be_used_and_the_fault_is_a_jwt(flow: Flow) -> None:
    minted = mint(flow.issuer, parse({"user": "alice", "client": "web", "token_type": "refresh"}))
    assert minted.claims["typ"] == "Refresh"
    assert flow.refresh(minted.token).status_code == 200
    spoilt = mint(flow.issuer, parse({"user": "alice", "client": "web", "fault": "refresh-token"}))
    assert payload(spoilt.token)["typ"] == "Refresh"
    assert decoding.explain(spoilt.token, flow.issuer.keys.key_set(), time.time()).looks_like == "refresh-token"


def test_an_assertion_is_issued_for_it(start: Start) -> None:
    grants = ["authorization_code", "refresh_token", "token-exchange"]
    flow = start({"refresh_token_format": "jwt", "grants": grants}, clients={"web": {"grants": grants}})
    answer = flow.token(
        grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
        requested_token_type="urn:ietf:params:oauth:token-type:id-jag",
        subject_token=flow.tokens()["refresh_token"],
        subject_token_type="urn:ietf:params:oauth:token-type:refresh_token",
        audience="https://resources.example",
        scope="mcp:read",
    )
    assert payload(answer.get_json()["access_token"])["aud"] == "https://resources.example"


def test_a_failure_finds_the_user_of_its_request() -> None:
    seed = {
        "issuers": {"default": {"refresh_token_format": "jwt", "signing_algorithm": "ES256"}},
        "users": {"alice": {}, "bob": {}},
        "clients": {"web": {"public": True, "redirect_uris": ["http://localhost/callback"]}},
    }
    with DevIdP(seed) as idp:
        tokens = {name: idp.login(name, scope="openid")["refresh_token"] for name in ("alice", "bob")}
        idp.fail("token", "error", user="bob", grant="refresh_token", times=2)
        answers = {}
        for name, token in tokens.items():
            form = {"grant_type": "refresh_token", "client_id": "web", "refresh_token": token}
            answers[name] = requests.post(f"{idp.issuer}/token", data=form, timeout=60).status_code
    assert answers == {"alice": 200, "bob": 400}
