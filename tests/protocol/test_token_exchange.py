"""Token exchange (RFC 8693): impersonation and delegation."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from devidp.system.clock import Clock
from tests.flow import MCP, REDIRECT_URI, VERIFIER, Flow, payload
from tests.protocol.test_dpop import KEY, proof
from tests.refusal import description, refusal
from tests.shipped import PUBLIC_URL, Start

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
TYPE = "urn:ietf:params:oauth:token-type:"
OTHER = "https://api.acme.example"
SEED: dict[str, Any] = {
    "clients": {"gateway": {"secret": "gateway-secret", "grants": ["token-exchange", "client_credentials"]}},
    "resources": {OTHER: {"scopes": ["mcp:read"]}},
}


@pytest.fixture
def flow(start: Start) -> Flow:
    return ready(start(at="enterprise", **SEED))


def ready(flow: Flow) -> Flow:
    flow.secrets["gateway"] = "gateway-secret"
    return flow


def swap(flow: Flow, token: str, kind: str = "access_token", client: str = "gateway", **changes: Any) -> TestResponse:
    sent = {"subject_token": token, "subject_token_type": f"{TYPE}{kind}", **changes}
    return flow.token(client, grant_type=GRANT, **{name: value for name, value in sent.items() if value is not None})


def test_a_token_becomes_one_for_another_place_in_the_same_name(flow: Flow) -> None:
    held = flow.tokens(scope="openid mcp:read mcp:write")["access_token"]
    answer = swap(flow, held, resource=OTHER)
    body = answer.get_json()
    assert (body["issued_token_type"], body["token_type"], body["scope"]) == (
        f"{TYPE}access_token", "Bearer", "openid mcp:read",
    )  # fmt: skip
    assert "id_token" not in body
    assert "refresh_token" not in body
    state = flow.introspect(body["access_token"])
    assert (state["sub"], state["client_id"], state["aud"]) == ("alice", "gateway", OTHER)
    assert "act" not in state


def test_an_actor_is_named_in_the_token_and_those_before_inside(flow: Flow) -> None:
    held = flow.tokens()["access_token"]
    actor = flow.token("gateway", grant_type="client_credentials").get_json()["access_token"]
    acting = {"actor_token": actor, "actor_token_type": f"{TYPE}access_token"}
    first = swap(flow, held, **acting).get_json()["access_token"]
    assert flow.introspect(first)["act"] == {"sub": "gateway"}
    second = swap(flow, first, **acting).get_json()["access_token"]
    assert flow.introspect(second)["act"] == {"sub": "gateway", "act": {"sub": "gateway"}}
    third = swap(flow, second).get_json()["access_token"]
    assert flow.introspect(third)["act"] == {"sub": "gateway", "act": {"sub": "gateway"}}


def test_a_user_who_is_disabled_acts_for_nobody(flow: Flow) -> None:
    held, actor = flow.tokens()["access_token"], flow.other_browser().tokens("bob")["access_token"]
    acting = {"actor_token": actor, "actor_token_type": f"{TYPE}access_token"}
    assert payload(swap(flow, held, **acting).get_json()["access_token"])["act"] == {"sub": "bob"}
    flow.http.patch("/_devidp/api/users/bob", json={"disabled": True})
    refused = swap(flow, held, **acting)
    assert refusal(refused) == (400, "invalid_grant")
    assert "User 'bob' is disabled" in description(refused)


def test_scope_and_audience_can_be_narrowed(flow: Flow) -> None:
    held = flow.tokens(scope="mcp:read mcp:write")["access_token"]
    assert swap(flow, held, scope="mcp:read").get_json()["scope"] == "mcp:read"
    assert flow.introspect(swap(flow, held).get_json()["access_token"])["aud"] == MCP
    refused = swap(flow, held, scope="mcp:admin")
    assert refusal(refused) == (400, "invalid_scope")
    assert "'mcp:admin' is not in the subject token" in description(refused)
    assert refusal(swap(flow, held, resource="https://unknown.example")) == (400, "invalid_target")
    assert refusal(swap(flow, held, audience="not a URI")) == (400, "invalid_target")


@pytest.mark.parametrize("kind", ["access_token", "jwt"])
def test_an_access_token_may_be_called_either(flow: Flow, kind: str) -> None:
    assert swap(flow, flow.tokens()["access_token"], kind).status_code == 200


def test_an_id_token_is_exchanged_by_the_client_that_it_is_for(start: Start) -> None:
    grants = ["authorization_code", "token-exchange"]
    flow = ready(start(at="enterprise", **{**SEED, "clients": {**SEED["clients"], "web": {"grants": grants}}}))
    held = flow.tokens()["id_token"]
    for kind in ("id_token", "jwt"):
        assert flow.introspect(swap(flow, held, kind, "web").get_json()["access_token"])["sub"] == "alice"
        assert refusal(swap(flow, held, kind)) == (400, "invalid_request")
    assert refusal(swap(flow, held, "access_token", "web")) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subject_token": None}, "'subject_token' is missing"),
        ({"subject_token_type": None}, "'subject_token_type' is missing"),
        ({"subject_token": "garbage"}, "is no access_token"),
        ({"subject_token_type": f"{TYPE}refresh_token"}, f"expected {TYPE}access_token or {TYPE}id_token"),
        ({"subject_token_type": f"{TYPE}saml2"}, f"expected {TYPE}access_token or {TYPE}id_token"),
        ({"requested_token_type": f"{TYPE}refresh_token"}, "this issuer gives"),
        ({"actor_token": "garbage"}, "'actor_token_type' is missing"),
        ({"actor_token_type": f"{TYPE}jwt"}, "came without actor_token"),
        ({"actor_token": "garbage", "actor_token_type": f"{TYPE}jwt"}, "The actor_token is no jwt"),
    ],
)
def test_what_cannot_be_exchanged_is_said(flow: Flow, changes: dict[str, Any], expected: str) -> None:
    refused = swap(flow, flow.tokens()["access_token"], **changes)
    assert refusal(refused) == (400, "invalid_request")
    assert expected in description(refused)


def test_a_bound_token_is_exchanged_with_a_proof_under_its_key(flow: Flow) -> None:
    place = f"{PUBLIC_URL}{flow.base}/token"
    form = {"grant_type": "authorization_code", "code": flow.redirect()["code"], "redirect_uri": REDIRECT_URI}
    form["code_verifier"] = VERIFIER
    headers, auth = {"DPoP": proof(htu=place)}, ("web", "web-secret")
    held = flow.http.post(f"{flow.base}/token", data=form, headers=headers, auth=auth).get_json()["access_token"]
    sent = {"grant_type": GRANT, "subject_token": held, "subject_token_type": f"{TYPE}access_token"}
    refused = flow.token("gateway", **sent)
    assert refusal(refused) == (400, "invalid_grant")
    assert "The subject token is bound to a DPoP key, and none was proven" in description(refused)
    for key, status in ((ECKey.generate_key("P-256"), 400), (KEY, 200)):
        headers, auth = {"DPoP": proof(key, htu=place)}, ("gateway", "gateway-secret")
        assert flow.http.post(f"{flow.base}/token", data=sent, headers=headers, auth=auth).status_code == status


def test_a_token_that_does_not_count_any_more_is_refused(flow: Flow, clock: Clock) -> None:
    revoked, old = flow.tokens()["access_token"], flow.tokens()["access_token"]
    flow.revoke(revoked)
    assert refusal(swap(flow, revoked)) == (400, "invalid_request")
    clock.advance(3601)
    assert refusal(swap(flow, old)) == (400, "invalid_request")


def test_what_came_of_a_token_ends_with_its_authorization(flow: Flow) -> None:
    held = flow.tokens()
    fresh = swap(flow, held["access_token"]).get_json()["access_token"]
    assert flow.is_active(fresh)
    flow.revoke(held["refresh_token"])
    assert not flow.is_active(fresh)


def test_a_token_of_a_client_itself_is_not_exchanged(flow: Flow) -> None:
    own = flow.token("gateway", grant_type="client_credentials").get_json()["access_token"]
    assert "who is no user" in description(swap(flow, own))


def test_a_client_needs_the_grant(flow: Flow) -> None:
    assert refusal(swap(flow, flow.tokens()["access_token"], client="web")) == (400, "unauthorized_client")


@pytest.mark.parametrize("switch", ["impersonation", "delegation"])
def test_either_way_can_be_switched_off(start: Start, switch: str) -> None:
    flow = ready(start({"grants": None, "token_exchange": {switch: False}}, **SEED))
    held = flow.tokens()["access_token"]
    actor = flow.token("gateway", grant_type="client_credentials").get_json()["access_token"]
    answers = {
        "impersonation": swap(flow, held),
        "delegation": swap(flow, held, actor_token=actor, actor_token_type=f"{TYPE}access_token"),
    }
    refused = answers.pop(switch)
    assert refusal(refused) == (400, "invalid_request")
    assert f"token_exchange.{switch}" in description(refused)
    assert next(iter(answers.values())).status_code == 200


@pytest.mark.parametrize("on", [True, False])
def test_the_grant_is_advertised_and_served_exactly_when_it_is_on(start: Start, on: bool) -> None:
    flow = ready(start(at="enterprise" if on else "default", **SEED))
    assert (GRANT in flow.metadata()["grant_types_supported"]) is on
    assert swap(flow, flow.tokens()["access_token"]).status_code == (200 if on else 400)
