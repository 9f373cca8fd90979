"""What an identity assertion (ID-JAG) is given for, and what bounds it."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from devidp.system.clock import Clock
from tests.flow import MCP, REDIRECT_URI, VERIFIER, Flow, payload
from tests.protocol.test_dpop import KEY, OTHER, proof
from tests.protocol.test_id_jag import BEARER, EXCHANGE, GRANTS, HOME, RESOURCES, TYPE, bear, elsewhere, resources
from tests.protocol.test_id_jag import begun as begin
from tests.refusal import description, refusal
from tests.shipped import Start

CLIENTS: dict[str, Any] = {
    "web": {"grants": GRANTS},
    "agent": {"secret": "agent-secret", "grants": ["token-exchange", "client_credentials", "jwt-bearer"]},
    "spa": {"grants": ["authorization_code", "refresh_token", "token-exchange"]},
}


@pytest.fixture
def home(start: Start) -> Flow:
    return begun(start)


def begun(start: Start, issuer: dict[str, Any] | None = None, **clients: Any) -> Flow:
    merged = {name: {**CLIENTS.get(name, {}), **clients.get(name, {})} for name in {*CLIENTS, *clients}}
    enterprise = {"trusted_issuers": {"default": None}}
    strict = {"grants": None, "refresh_grace": 0, **(issuer or {})}
    flow = start(strict, issuers={"enterprise": enterprise}, clients=merged)
    flow.secrets["agent"] = "agent-secret"
    return flow


def ask(
    flow: Flow, token: str, kind: str = "id_token", client: str = "web", *proofs: str, **changes: Any
) -> TestResponse:
    sent = {
        "grant_type": EXCHANGE,
        "subject_token": token,
        "subject_token_type": f"{TYPE}{kind}",
        "requested_token_type": f"{TYPE}id-jag",
        "audience": RESOURCES,
        **changes,
    }
    return proven(flow, client, sent, *proofs)


def proven(flow: Flow, client: str, sent: dict[str, Any], *proofs: str) -> TestResponse:
    auth = (client, flow.secrets[client]) if client in flow.secrets else None
    named = {} if auth else {"client_id": client}
    form = {name: value for name, value in {**sent, **named}.items() if value is not None}
    return flow.http.post(f"{flow.base}/token", data=form, auth=auth, headers=[("DPoP", each) for each in proofs])


def test_the_access_token_of_another_client_is_no_identity(home: Flow) -> None:
    stolen = home.tokens(scope="openid", client="spa")["access_token"]
    for kind in ("access_token", "jwt"):
        for client in ("agent", "spa", "web"):
            refused = ask(home, stolen, kind, client, scope="mcp:admin")
            assert refusal(refused) == (400, "invalid_request")
            assert f"expected {TYPE}id_token or {TYPE}refresh_token" in description(refused)


def test_an_identity_is_that_of_the_client_that_presents_it(home: Flow) -> None:
    held = home.tokens(client="spa")
    assert refusal(ask(home, held["id_token"])) == (400, "invalid_request")
    refused = ask(home, held["refresh_token"], "refresh_token")
    assert refusal(refused) == (400, "invalid_grant")
    assert "was issued to client 'spa', not to 'web'" in description(refused)
    assert home.refresh(held["refresh_token"], "spa").status_code == 200


@pytest.mark.parametrize(
    ("username", "asked", "given"), [("bob", "mcp:read mcp:admin", "mcp:read"), ("alice", "mcp:admin", "mcp:admin")]
)
def test_the_scope_is_what_the_policy_leaves(home: Flow, username: str, asked: str, given: str) -> None:
    answer = ask(home, home.tokens(username)["id_token"], scope=asked, resource=MCP).get_json()
    assert answer["scope"] == payload(answer["access_token"])["scope"] == given
    tokens = bear(resources(home), answer["access_token"], scope=given).get_json()
    assert tokens["scope"] == given


def test_what_nobody_may_grant_is_refused(home: Flow) -> None:
    bobs = home.tokens("bob")["id_token"]
    refused = ask(home, bobs, scope="mcp:admin")
    assert refusal(refused) == (400, "invalid_scope")
    assert "user bob may not have it" in description(refused)
    assert "'mcp:fly' is not in the seed" in description(ask(home, bobs, scope="mcp:fly"))


def test_an_assertion_always_says_what_it_is_good_for(start: Start) -> None:
    home = begun(start, web={"default_scopes": ["mcp:read"]})
    answer = ask(home, home.tokens()["id_token"]).get_json()
    assert answer["scope"] == payload(answer["access_token"])["scope"] == "mcp:read"
    assert refusal(bear(resources(home), answer["access_token"], scope="mcp:admin")) == (400, "invalid_scope")
    home = begun(start, web={"default_scopes": []})
    assert refusal(ask(home, home.tokens()["id_token"])) == (400, "invalid_scope")


def test_a_refresh_token_stands_for_the_login_within_its_scope(home: Flow, clock: Clock) -> None:
    held = home.tokens(scope="openid mcp:read")
    clock.advance(7200)
    assert refusal(ask(home, held["id_token"])) == (400, "invalid_request")
    answer = ask(home, held["refresh_token"], "refresh_token", scope="mcp:read", resource=MCP).get_json()
    claims, login = payload(answer["access_token"]), payload(held["id_token"])
    assert (claims["sub"], claims["auth_time"], claims["amr"]) == ("alice", login["auth_time"], login["amr"])
    assert bear(resources(home), answer["access_token"]).get_json()["scope"] == "mcp:read"
    assert "is not in the subject token" in description(
        ask(home, held["refresh_token"], "refresh_token", scope="mcp:write")
    )


def test_a_refresh_token_is_checked_as_where_it_is_refreshed(home: Flow) -> None:
    held = home.tokens()["refresh_token"]
    successor = home.refresh(held).get_json()["refresh_token"]
    assert ask(home, successor, "refresh_token").status_code == 200
    home.runtime.clock.advance(10)  # the grace of the shipped seed is over
    assert "was used" in description(ask(home, held, "refresh_token"))
    assert "has been revoked" in description(ask(home, successor, "refresh_token"))
    assert "is not known" in description(ask(home, "garbage", "refresh_token"))


def test_a_refresh_token_that_is_bound_needs_its_key(home: Flow) -> None:
    code = home.redirect(client_id="spa")["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    form["code_verifier"] = VERIFIER
    held = proven(home, "spa", form, proof()).get_json()["refresh_token"]
    assert "bound to a DPoP key" in description(ask(home, held, "refresh_token", "spa"))
    assert "another one was proven" in description(ask(home, held, "refresh_token", "spa", proof(OTHER)))
    assert ask(home, held, "refresh_token", "spa", proof()).status_code == 200


def test_the_assertion_is_bound_to_the_proven_key_and_so_is_what_comes_of_it(home: Flow) -> None:
    there = f"{RESOURCES}/token"
    answer = ask(home, home.tokens()["id_token"], "id_token", "web", proof(), scope="mcp:read").get_json()
    assert payload(answer["access_token"])["cnf"] == {"jkt": KEY.thumbprint()}
    sent = {"grant_type": BEARER, "assertion": answer["access_token"]}
    for proofs in ((), (proof(OTHER, htu=there),)):
        refused = proven(resources(home), "web", sent, *proofs)
        assert refusal(refused) == (400, "invalid_grant")
        assert "The assertion is bound to a DPoP key" in description(refused)
    tokens = proven(resources(home), "web", sent, proof(htu=there)).get_json()
    assert (tokens["token_type"], payload(tokens["access_token"])["cnf"]) == ("DPoP", {"jkt": KEY.thumbprint()})


def test_a_proof_is_never_passed_over(start: Start) -> None:
    home = begun(start, agent={"dpop_bound": True, "grants": GRANTS, "redirect_uris": [REDIRECT_URI]})
    held = home.tokens()["id_token"]
    assert refusal(ask(home, held, "id_token", "web", "garbage")) == (400, "invalid_dpop_proof")
    assert "gets tokens only with a DPoP proof" in description(ask(home, held, client="agent"))
    again = proof()
    assert ask(home, held, "id_token", "web", again).status_code == 200
    assert "was used before" in description(ask(home, held, "id_token", "web", again))


def test_impersonation_and_delegation_are_switches_here_too(start: Start) -> None:
    for switch, error in (("impersonation", "actor_token is missing"), ("delegation", "an actor_token came")):
        home = begun(start, {"token_exchange": {switch: False}})
        held, acting = home.tokens()["id_token"], actor(home)
        answers = {"impersonation": ask(home, held), "delegation": ask(home, held, **acting)}
        refused = answers.pop(switch)
        assert refusal(refused) == (400, "invalid_request")
        assert error in description(refused)
        assert next(iter(answers.values())).status_code == 200


def actor(home: Flow) -> dict[str, str]:
    token = home.token("agent", grant_type="client_credentials").get_json()["access_token"]
    return {"actor_token": token, "actor_token_type": f"{TYPE}access_token"}


def test_the_actor_is_named_from_issuer_to_issuer(home: Flow) -> None:
    answer = ask(home, home.tokens()["id_token"], **actor(home)).get_json()
    assert payload(answer["access_token"])["act"] == {"sub": "agent"}
    tokens = bear(resources(home), answer["access_token"]).get_json()
    assert payload(tokens["access_token"])["act"] == {"sub": "agent"}


def test_the_token_of_an_actor_that_is_bound_needs_its_key(home: Flow) -> None:
    bound = proven(home, "agent", {"grant_type": "client_credentials"}, proof()).get_json()["access_token"]
    acting = {"actor_token": bound, "actor_token_type": f"{TYPE}access_token"}
    held = home.tokens()["id_token"]
    assert "The actor token is bound to a DPoP key" in description(ask(home, held, **acting))
    assert ask(home, held, "id_token", "web", proof(), **acting).status_code == 200


def test_an_issuer_gives_assertions_for_others_only_and_takes_none_of_its_own(home: Flow, start: Start) -> None:
    for own in (HOME, f"{HOME}/"):
        assert refusal(ask(home, home.tokens()["id_token"], audience=own)) == (400, "invalid_target")
    alone = start({"grants": None, "trusted_issuers": {"default": None}}, clients={"web": {"grants": GRANTS}})
    key = alone.issuer.keys.active
    header = {"typ": "oauth-id-jag+jwt", "kid": key.kid}
    own = elsewhere(key.jwk, header=header, iss=HOME, sub="alice", aud=HOME, client_id="web", jti="1")
    assert "which is this issuer, expected another one" in description(bear(alone, own))


def test_a_resource_is_a_uri(home: Flow) -> None:
    held = home.tokens()["id_token"]
    assert refusal(ask(home, held, resource="not a URI")) == (400, "invalid_target")
    # whether there is such a server is for the other issuer to say
    assert ask(home, held, resource="https://elsewhere.example/mcp", scope="mcp:read").status_code == 200


def test_the_other_issuer_knows_the_user_by_the_same_name_whatever_the_client_does(home: Flow) -> None:
    grants = ["authorization_code", EXCHANGE]
    registered = home.register(redirect_uris=[REDIRECT_URI], grant_types=grants, subject_type="pairwise")
    client = registered.get_json()["client_id"]
    held = home.tokens(client=client)["id_token"]
    assert payload(held)["sub"] != "alice"
    assertion = ask(home, held, client=client, scope="mcp:read").get_json()["access_token"]
    assert payload(assertion)["sub"] == "alice"


@pytest.mark.parametrize("on", [True, False])
def test_what_can_be_asked_for_is_advertised_exactly_when_it_is_given(start: Start, on: bool) -> None:
    for issuer in ({"features": {"id_jag": on}}, {} if on else {"grants": ["authorization_code"]}):
        home = begun(start, issuer)
        advertised = home.metadata().get("identity_chaining_requested_token_types_supported")
        assert advertised == ([f"{TYPE}id-jag"] if on else None)
        assert ask(home, home.tokens()["id_token"]).status_code == (200 if on else 400)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"scope": ["mcp:read"]}, "its scope is '['mcp:read']', expected text"),
        ({"scope": None}, "its scope is"),
        ({"resource": [MCP, 7]}, "its resource is"),
        ({"resource": {}}, "its resource is"),
        ({"act": "agent"}, "its act is"),
        ({"act": {"act": {}}}, "its act is"),
        # numbers that JSON does not have would be copied into a token that nobody else can read
        *[({"act": {"sub": "x", "since": value}}, "is not JSON") for value in (float("nan"), float("-inf"))],
        ({"cnf": "key"}, "its cnf is"),
        ({"cnf": {"x5t#S256": "of a certificate"}}, "its cnf is"),
    ],
)
def test_a_bound_that_cannot_be_read_is_refused(start: Start, claims: dict[str, Any], expected: str) -> None:
    refused = bear(resources(begin(start)), elsewhere(**claims), "other")
    assert refusal(refused) == (400, "invalid_grant")
    assert expected in description(refused)
