"""Every token of a user belongs to an authorization, and what came of it ends with it, whichever way it came."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from devidp.system.clock import Clock
from devidp.web.control.controller import Controller
from tests.flow import MCP, Flow, payload
from tests.real_clients.passing import passing_time
from tests.refusal import description, refusal
from tests.shipped import PUBLIC_URL, Start

pytestmark = pytest.mark.contract

GRANT = "urn:ietf:params:oauth:grant-type"
TYPE = "urn:ietf:params:oauth:token-type"
ELSEWHERE = "https://idp.acme.example"
GRANTS = [
    "authorization_code", "refresh_token", "client_credentials", "device_code", "token-exchange", "jwt-bearer",
    "password",
]  # fmt: skip
KEY = ECKey.generate_key("P-256", {"kid": "elsewhere"})
SEED: dict[str, Any] = {
    "clients": {
        "web": {
            "grants": ["authorization_code", "refresh_token", "token-exchange", "jwt-bearer"],
            "response_types": ["code", "id_token token", "code id_token token"],
        },
        "legacy": {"secret": "legacy-secret", "grants": ["password"]},
        "gateway": {"secret": "gateway-secret", "grants": ["token-exchange"]},
        "tv": {"public": True, "grants": ["device_code"]},
    },
    "issuers": {"enterprise": {"trusted_issuers": {"default": None}}},
}
TRUSTED = {ELSEWHERE: {"jwks": KEY.as_dict(private=False), "match": "email"}}
Made = tuple[Flow, str]
"""An access token, and the issuer that gave it."""
Way = Callable[[Flow], Made]


@pytest.fixture
def flow(start: Start) -> Flow:
    return begun(start)


def begun(start: Start, **default: Any) -> Flow:
    features = {"implicit": True, "hybrid": True}
    flow = start({"grants": GRANTS, "trusted_issuers": TRUSTED, "features": features, **default}, **SEED)
    flow.secrets |= {"gateway": "gateway-secret", "legacy": "legacy-secret"}
    return flow


def exchanged(flow: Flow, token: str, kind: str = "access_token", client: str = "gateway", **more: str) -> str:
    sent = {"subject_token": token, "subject_token_type": f"{TYPE}:{kind}", **more}
    answer = flow.token(client, grant_type=f"{GRANT}:token-exchange", **sent)
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["access_token"])


def device_code(flow: Flow, scope: str = "openid mcp:read") -> str:
    """A device code that alice has approved in this browser."""
    started = flow.http.post("/default/device_authorization", data={"client_id": "tv", "scope": scope}).get_json()
    page = flow.post(flow.http.get("/default/device"), user_code=started["user_code"])
    flow.finish(page)
    return str(started["device_code"])


def poll(flow: Flow, code: str) -> Any:
    return flow.token("tv", grant_type=f"{GRANT}:device_code", device_code=code)


# ways to a token of alice


def by_code(flow: Flow) -> Made:
    return flow, flow.tokens()["access_token"]


def in_front(flow: Flow) -> Made:
    return flow, flow.redirect(response_type="id_token token", nonce="n")["access_token"]


def by_id_token_in_front(flow: Flow) -> Made:
    answer = flow.redirect(response_type="code id_token token", nonce="n")
    return flow, exchanged(flow, answer["id_token"], "id_token", "web", scope="mcp:read")


def by_refresh(flow: Flow) -> Made:
    return flow, flow.refresh(flow.tokens()["refresh_token"]).get_json()["access_token"]


def by_exchange(flow: Flow) -> Made:
    return flow, exchanged(flow, exchanged(flow, flow.tokens()["access_token"]))


def by_id_token(flow: Flow) -> Made:
    return flow, exchanged(flow, flow.tokens()["id_token"], "id_token", "web", scope="mcp:read")


def by_device(flow: Flow) -> Made:
    return flow, poll(flow, device_code(flow)).get_json()["access_token"]


def by_identity_assertion(flow: Flow) -> Made:
    asked = {"requested_token_type": f"{TYPE}:id-jag", "audience": f"{PUBLIC_URL}/enterprise", "scope": "mcp:read"}
    assertion = exchanged(flow, flow.tokens()["id_token"], "id_token", "web", resource=MCP, **asked)
    there = flow.at("enterprise")
    there.secrets = flow.secrets
    return there, there.token("web", grant_type=f"{GRANT}:jwt-bearer", assertion=assertion).get_json()["access_token"]


def by_assertion(flow: Flow) -> Made:
    claims = {"iss": ELSEWHERE, "sub": "1", "email": "alice@acme.example", "aud": f"{PUBLIC_URL}/default"}
    assertion = jwt.encode({"alg": "ES256", "kid": "elsewhere"}, {**claims, "exp": int(time.time()) + 60}, KEY)
    return flow, flow.token("web", grant_type=f"{GRANT}:jwt-bearer", assertion=assertion).get_json()["access_token"]


def by_password(flow: Flow) -> Made:
    answer = flow.token("legacy", grant_type="password", username="alice", password="alice")
    return flow, answer.get_json()["access_token"]


def by_mint(flow: Flow) -> Made:
    return flow, Controller(flow.runtime).mint(user="alice", client="web").token


def by_mint_with_an_id_of_its_own(flow: Flow) -> Made:
    return flow, Controller(flow.runtime).mint(user="alice", client="web", claims={"jti": "a.jti"}).token


IN_A_SESSION: list[Way] = [
    by_code, in_front, by_id_token_in_front, by_refresh, by_exchange, by_id_token, by_device, by_identity_assertion,
]  # fmt: skip
EVERY_WAY: list[Way] = [*IN_A_SESSION, by_assertion, by_password, by_mint, by_mint_with_an_id_of_its_own]


def made(flow: Flow, ways: list[Way]) -> dict[str, Made]:
    return {way.__name__: way(flow) for way in ways}


def active(tokens: dict[str, Made]) -> set[str]:
    return {name for name, (issuer, token) in tokens.items() if issuer.is_active(token)}


@pytest.mark.parametrize("deleted", [False, True])
def test_whatever_came_of_a_user_ends_when_the_user_is_revoked_or_deleted(flow: Flow, deleted: bool) -> None:
    tokens = made(flow, EVERY_WAY)
    assert active(tokens) == set(tokens)
    control = Controller(flow.runtime)
    if deleted:
        control.users["alice"].delete(issuer="default")
        control.users.add("alice", issuer="default", password="alice", claims={"email": "alice@acme.example"})
    else:
        control.users["alice"].revoke(issuer="default")
    assert active(tokens) == set()
    assert {refusal(issuer.userinfo(token)) for issuer, token in tokens.values()} == {(401, "invalid_token")}
    again = made(in_another_browser(flow), EVERY_WAY)
    assert active(again) == set(again) - {"by_mint_with_an_id_of_its_own"}


def in_another_browser(flow: Flow) -> Flow:
    other = flow.other_browser()
    other.secrets = flow.secrets
    return other


def log_out(flow: Flow) -> None:
    flow.post(flow.http.get("/default/logout"), decision="logout")


def test_what_came_of_a_session_ends_with_it(flow: Flow) -> None:
    tokens = made(flow, IN_A_SESSION)
    elsewhere = in_another_browser(flow).tokens()["access_token"]
    log_out(flow)
    assert active(tokens) == set()
    assert flow.is_active(elsewhere)


def test_a_seed_may_let_authorizations_outlive_the_session(start: Start) -> None:
    flow = begun(start, logout={"revoke_tokens": False})
    tokens = made(flow, IN_A_SESSION)
    log_out(flow)
    assert active(tokens) == set(tokens)


def test_what_a_device_got_for_offline_access_outlives_the_session(flow: Flow) -> None:
    token = poll(flow, device_code(flow, "openid offline_access")).get_json()["access_token"]
    log_out(flow)
    assert flow.is_active(token)


def revoke(flow: Flow) -> None:
    Controller(flow.runtime).users["alice"].revoke()


@pytest.mark.parametrize("end", [log_out, revoke])
def test_a_code_that_was_approved_before_is_worth_nothing_after(flow: Flow, end: Callable[[Flow], None]) -> None:
    device, code = device_code(flow), flow.redirect()["code"]
    end(flow)
    for answer in (poll(flow, device), flow.exchange(code)):
        assert refusal(answer) == (400, "invalid_grant")
        assert "the authorization that it came of has ended" in description(answer)


@pytest.mark.parametrize("end", [log_out, revoke])
def test_an_id_token_is_exchanged_no_more_after(flow: Flow, end: Callable[[Flow], None]) -> None:
    held = flow.tokens()["id_token"]
    assert exchanged(flow, held, "id_token", "web", scope="mcp:read")
    end(flow)
    sent = {"subject_token": held, "subject_token_type": f"{TYPE}:id_token"}
    answer = flow.token("web", grant_type=f"{GRANT}:token-exchange", **sent)
    assert refusal(answer) == (400, "invalid_request")
    assert "was revoked" in description(answer)


@pytest.mark.parametrize(("settings", "wanted"), [({}, "openid offline_access"), ({"revoke_tokens": False}, "openid")])
def test_an_id_token_ends_with_its_session_even_where_the_authorization_lives_on(
    start: Start, settings: dict[str, bool], wanted: str
) -> None:
    flow = begun(start, logout=settings)
    tokens = flow.tokens(scope=f"{wanted} mcp:read")
    minted = Controller(flow.runtime).mint(user="alice", client="web", token_type="id").token
    log_out(flow)
    assert flow.is_active(tokens["access_token"])
    sent = {"subject_token": tokens["id_token"], "subject_token_type": f"{TYPE}:id_token"}
    assert refusal(flow.token("web", grant_type=f"{GRANT}:token-exchange", **sent)) == (400, "invalid_request")
    assert exchanged(flow, minted, "id_token", "web", scope="mcp:read")


def test_an_assertion_that_was_made_before_is_worth_nothing_after(flow: Flow) -> None:
    asked = {"requested_token_type": f"{TYPE}:id-jag", "audience": f"{PUBLIC_URL}/enterprise", "scope": "mcp:read"}
    assertion = exchanged(flow, flow.tokens()["id_token"], "id_token", "web", resource=MCP, **asked)
    log_out(flow)
    there = flow.at("enterprise")
    answer = there.token("web", grant_type=f"{GRANT}:jwt-bearer", assertion=assertion)
    assert refusal(answer) == (400, "invalid_grant")
    assert "the authorization that it came of has ended" in description(answer)


@pytest.mark.parametrize("way", [by_exchange, by_id_token, by_identity_assertion])
def test_revoking_the_refresh_token_ends_what_others_made_of_it(flow: Flow, way: Way) -> None:
    kept: list[str] = []
    tokens = flow.tokens

    def keep(*args: Any, **changes: Any) -> dict[str, Any]:
        answer = tokens(*args, **changes)
        kept.append(answer["refresh_token"])
        return answer

    flow.tokens = keep  # type: ignore[method-assign]
    issuer, token = way(flow)
    flow.revoke(kept[0])
    assert not issuer.is_active(token)


def test_what_was_exchanged_again_and_again_can_still_be_ended(start: Start, frozen: Clock) -> None:
    flow = begun(start, lifetimes={"refresh_token": "2h", "session": "2h"})
    token = flow.tokens()["access_token"]
    with passing_time() as pass_time:
        for _ in range(5):
            frozen.advance(3000)
            pass_time(3000)
            token = exchanged(flow, token)
            flow.runtime.purge()
        assert flow.is_active(token)
        assert Controller(flow.runtime).users["alice"].revoke() == 1
        assert not flow.is_active(token)


def test_the_number_of_ended_authorizations_is_told(flow: Flow) -> None:
    for way in (by_code, by_exchange, by_device, by_assertion, by_mint):
        way(flow)
    user = Controller(flow.runtime).users["alice"]
    assert user.revoke() == 5
    assert user.revoke() == 0


def test_a_disabled_user_has_nothing_until_enabled_again(flow: Flow) -> None:
    ways = [way(flow) for way in (by_code, by_exchange, by_device, by_assertion)]
    user = Controller(flow.runtime).users["alice"]
    user.disable()
    assert not any(issuer.is_active(token) for issuer, token in ways)
    user.enable()
    assert all(issuer.is_active(token) for issuer, token in ways)


def test_a_client_that_is_deleted_and_added_again_begins_with_nothing(flow: Flow) -> None:
    token = flow.tokens(client="spa")["access_token"]
    control = Controller(flow.runtime)
    control.clients["spa"].delete()
    control.clients.add("spa", public=True, redirect_uris=["http://localhost:5555/callback"])
    assert not flow.is_active(token)


def test_a_user_who_is_deleted_and_added_again_is_asked_again(flow: Flow) -> None:
    flow.tokens()
    control = Controller(flow.runtime)
    control.users["alice"].delete()
    control.users.add("alice", password="alice")
    assert "password" in flow.authorize().text
    assert 'name="decision"' in flow.log_in(flow.authorize()).text


def test_the_device_flow_says_the_session_and_keeps_the_login_through_refreshes(start: Start) -> None:
    flow = start({"grants": None}, clients={"tv": {"public": True, "grants": ["device_code", "refresh_token"]}})
    first = poll(flow, device_code(flow)).get_json()
    second = flow.refresh(first["refresh_token"], "tv").get_json()
    mine = flow.tokens()["id_token"]
    claims = [payload(each) for each in (first["id_token"], second["id_token"], mine)]
    assert len({claim["sid"] for claim in claims}) == 1
    assert claims[0]["amr"] == claims[1]["amr"] == ["pwd"]


def test_a_client_of_its_own_needs_no_authorization(flow: Flow) -> None:
    token = flow.token("service", grant_type="client_credentials").get_json()["access_token"]
    Controller(flow.runtime).users["alice"].revoke()
    assert flow.is_active(token)
    assert flow.runtime.database.row("SELECT count(*) FROM grants") == (0,)


@pytest.mark.parametrize("jti", ["mine", "my.own", "", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "a:b.c:d"])
@pytest.mark.parametrize("client", ["web", "service"])
def test_a_minted_token_may_have_any_id(flow: Flow, client: str, jti: str) -> None:
    token = Controller(flow.runtime).mint(client=client, claims={"jti": jti}).token
    state = flow.introspect(token)
    assert (state["active"], state.get("username")) == (True, "alice" if client == "web" else None)
    Controller(flow.runtime).users["alice"].revoke()
    assert flow.is_active(token) is (client == "service")
