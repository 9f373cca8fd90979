"""Identity assertions (ID-JAG) between two issuers of one devidp, and the JWT bearer grant (RFC 7523)."""

from __future__ import annotations

import time
from typing import Any

import pytest
from authlib.oauth2.rfc7523 import JWTBearerGrant
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from werkzeug.test import TestResponse

from devidp.system.clock import Clock
from tests.flow import MCP, Flow, payload
from tests.refusal import description, refusal
from tests.shipped import PUBLIC_URL, Start

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TYPE = "urn:ietf:params:oauth:token-type:"
HOME, RESOURCES = f"{PUBLIC_URL}/default", f"{PUBLIC_URL}/enterprise"
ELSEWHERE = "https://idp.acme.example"
KEY = ECKey.generate_key("P-256", {"kid": "elsewhere"})
TRUSTED = {"default": None, ELSEWHERE: {"jwks": KEY.as_dict(private=False), "match": "email"}}
GRANTS = ["authorization_code", "refresh_token", "token-exchange", "jwt-bearer"]
SEED: dict[str, Any] = {
    "clients": {
        "web": {"grants": GRANTS},
        "other": {"secret": "other-secret", "grants": ["jwt-bearer"]},
        "open": {"public": True, "grants": ["jwt-bearer"]},
    },
}


@pytest.fixture
def home(start: Start) -> Flow:
    """The issuer at which people log in."""
    return begun(start)


def begun(start: Start, **enterprise: Any) -> Flow:
    issuers = {"enterprise": {"trusted_issuers": TRUSTED, **enterprise}}
    flow = start({"grants": None}, issuers=issuers, **SEED)
    flow.secrets["other"] = "other-secret"
    return flow


def resources(home: Flow) -> Flow:
    """The issuer that takes what the other says of them."""
    flow = home.at("enterprise")
    flow.secrets = home.secrets
    return flow


def asserted(home: Flow, **changes: Any) -> TestResponse:
    sent = {
        "subject_token": home.tokens()["id_token"],
        "subject_token_type": f"{TYPE}id_token",
        "requested_token_type": f"{TYPE}id-jag",
        "audience": RESOURCES,
        "resource": MCP,
        "scope": "mcp:read",
        **changes,
    }
    return home.token(grant_type=EXCHANGE, **{name: value for name, value in sent.items() if value is not None})


def bear(flow: Flow, assertion: str, client: str = "web", **parameters: Any) -> TestResponse:
    return flow.token(client, grant_type=BEARER, assertion=assertion, **parameters)


def elsewhere(key: Any = KEY, **changes: Any) -> str:
    """What an issuer outside says, signed by joserfc."""
    now = int(time.time())
    header = {"alg": "ES256", "kid": "elsewhere", **changes.pop("header", {})}
    claims = {
        "iss": ELSEWHERE,
        "sub": "1",
        "email": "bob@globex.example",
        "aud": RESOURCES,
        "iat": now,
        "exp": now + 60,
        **changes,
    }
    return jwt.encode(header, claims, key)


def test_a_login_at_one_issuer_becomes_an_access_token_of_another(home: Flow) -> None:
    answer = asserted(home).get_json()
    assert (answer["issued_token_type"], answer["token_type"]) == (f"{TYPE}id-jag", "N_A")
    tokens = bear(resources(home), answer["access_token"]).get_json()
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "mcp:read")
    assert "refresh_token" not in tokens
    state = resources(home).introspect(tokens["access_token"])
    assert (state["iss"], state["sub"], state["aud"], state["client_id"]) == (RESOURCES, "alice", MCP, "web")


def test_the_assertion_says_what_the_draft_wants(home: Flow) -> None:
    keys = KeySet.import_key_set(home.http.get("/default/.well-known/jwks.json").get_json())
    token = jwt.decode(asserted(home).get_json()["access_token"], keys, ["ES256"])
    assert token.header["typ"] == "oauth-id-jag+jwt"
    claims = token.claims
    assert (claims["iss"], claims["aud"], claims["sub"], claims["client_id"]) == (HOME, RESOURCES, "alice", "web")
    assert (claims["resource"], claims["scope"], claims["email"]) == (MCP, "mcp:read", "alice@acme.example")
    assert claims["exp"] - claims["iat"] == 300


@pytest.mark.parametrize(
    ("named", "audience"), [("enterprise", RESOURCES), (RESOURCES, f"{RESOURCES}/"), (f"{RESOURCES}/", RESOURCES)]
)
def test_a_client_may_have_another_id_at_the_other_issuer(start: Start, named: str, audience: str) -> None:
    clients = {"web": {"grants": GRANTS, "client_ids": {named: "other"}}, "other": SEED["clients"]["other"]}
    home = start({"grants": None}, issuers={"enterprise": {"trusted_issuers": TRUSTED}}, clients=clients)
    home.secrets["other"] = "other-secret"
    assertion = asserted(home, audience=audience).get_json()["access_token"]
    assert "client_id is 'other', and client 'web' sent it" in description(bear(resources(home), assertion))
    tokens = bear(resources(home), assertion, "other").get_json()
    assert resources(home).introspect(tokens["access_token"])["client_id"] == "other"
    elsewhere = asserted(home, audience="https://as.example").get_json()["access_token"]
    assert payload(elsewhere)["client_id"] == "web"


def test_an_id_at_nowhere_is_refused_by_name(start: Start) -> None:
    with pytest.raises(Exception, match="neither an issuer of this seed nor the URL of another one"):
        start(clients={"web": {"client_ids": {"enterprize": "other"}}})


def test_an_assertion_is_for_one_server(home: Flow) -> None:
    assert refusal(asserted(home, audience=None)) == (400, "invalid_target")
    assert refusal(asserted(home, audience="not a server")) == (400, "invalid_target")
    assert refusal(asserted(home, audience=[RESOURCES, HOME])) == (400, "invalid_target")


def test_an_assertion_counts_once(home: Flow) -> None:
    assertion = asserted(home).get_json()["access_token"]
    assert bear(resources(home), assertion).status_code == 200
    refused = bear(resources(home), assertion)
    assert refusal(refused) == (400, "invalid_grant")
    assert "was used before" in description(refused)


def test_an_assertion_is_for_the_client_the_server_and_the_resource_that_it_names(home: Flow) -> None:
    assertion = asserted(home).get_json()["access_token"]
    assert "client_id is 'web'" in description(bear(resources(home), assertion, "other"))
    assert "is public" in description(bear(resources(home), assertion, "open"))
    assert "trusts: none" in description(bear(home, assertion))
    refused = bear(resources(home), assertion, resource="http://localhost:9999/mcp")
    assert refusal(refused) == (400, "invalid_target")


def test_an_assertion_gives_no_more_than_it_says_and_the_user_may(home: Flow) -> None:
    assertion = asserted(home, scope="mcp:read mcp:write").get_json()["access_token"]
    assert refusal(bear(resources(home), assertion, scope="mcp:admin")) == (400, "invalid_scope")
    assertion = asserted(home, scope="mcp:read mcp:write").get_json()["access_token"]
    assert bear(resources(home), assertion, scope="mcp:write").get_json()["scope"] == "mcp:write"


def test_an_assertion_grows_old(home: Flow, clock: Clock) -> None:
    assertion = asserted(home).get_json()["access_token"]
    clock.advance(361)
    assert "it expired" in description(bear(resources(home), assertion))


def test_another_issuer_is_trusted_by_its_keys(home: Flow) -> None:
    tokens = bear(resources(home), elsewhere(), "open", scope="mcp:read").get_json()
    assert resources(home).introspect(tokens["access_token"])["sub"] == "bob"


@pytest.mark.parametrize("follower", ["default", "enterprise"])
def test_another_issuer_is_none_that_follows_every_host_below_the_same_path(start: Start, follower: str) -> None:
    other = f"https://idp.acme.example/{follower}"
    trusted = {"trusted_issuers": {"default": None, other: TRUSTED[ELSEWHERE]}}
    following = {"follow_host": True}
    issuers = {"enterprise": {**trusted, **(following if follower == "enterprise" else {})}}
    flow = start({"grants": None, **(following if follower == "default" else {})}, issuers=issuers, **SEED)
    there = flow.at("enterprise")
    assert bear(there, elsewhere(iss=other, jti="urn.with.dots"), scope="mcp:read").status_code == 200
    called = "http://localhost/enterprise" if follower == "enterprise" else RESOURCES
    said = {"iss": other, "aud": called, "header": {"typ": "oauth-id-jag+jwt"}, "client_id": "web", "jti": "more.dots"}
    assert bear(there, elsewhere(**said), scope="mcp:read").status_code == 200


def test_what_authlib_signs_is_accepted(home: Flow) -> None:
    claims = {"email": "alice@acme.example"}
    assertion = JWTBearerGrant.sign(KEY, ELSEWHERE, RESOURCES, "1", claims=claims, header={"alg": "ES256"})
    assert bear(resources(home), assertion, "other").status_code == 200


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"iss": "https://stranger.example"}, "this issuer trusts: default"),
        ({"iss": 7}, "iss is '7'"),
        ({"aud": HOME}, "aud is"),
        ({"exp": 1}, "it expired"),
        ({"email": "nobody@acme.example"}, "no user of this issuer has that email"),
        ({"email": None}, "no user of this issuer has that email"),
        ({"key": ECKey.generate_key("P-256")}, "made with none of the 1 keys"),
        ({"header": {"kid": "unknown"}}, "made with none of the 0 keys"),
        ({"header": {"typ": "oauth-id-jag+jwt"}}, "client_id is 'None'"),
    ],
)
def test_what_is_wrong_with_an_assertion_is_said(home: Flow, changes: dict[str, Any], expected: str) -> None:
    refused = bear(resources(home), elsewhere(**changes), "other")
    assert refusal(refused) == (400, "invalid_grant")
    assert expected in description(refused)


def test_another_kind_of_token_is_no_assertion(home: Flow) -> None:
    for typ in ("at+jwt", "logout+jwt", "dpop+jwt", "oauth-authz-req+jwt", "application/at+jwt", ""):
        refused = bear(resources(home), elsewhere(header={"typ": typ}), "other")
        assert refusal(refused) == (400, "invalid_grant")
        assert f"its typ is '{typ}', expected authorization-grant+jwt or oauth-id-jag+jwt" in description(refused)


def test_an_assertion_may_say_what_it_is(home: Flow) -> None:
    for typ in ("JWT", "jwt", "authorization-grant+jwt", "Application/Authorization-Grant+JWT"):
        assert bear(resources(home), elsewhere(header={"typ": typ}), "other").status_code == 200


@pytest.mark.parametrize("typ", ["OAUTH-ID-JAG+JWT", "application/oauth-id-jag+jwt", "Application/OAuth-ID-JAG+jwt"])
def test_an_identity_assertion_is_checked_as_one_however_its_type_is_written(home: Flow, typ: str) -> None:
    assertion = elsewhere(header={"typ": typ}, client_id="web", jti="one")
    assert "client_id is 'web', and client 'other' sent it" in description(bear(resources(home), assertion, "other"))
    assert bear(resources(home), assertion).status_code == 200
    assert "was used before" in description(bear(resources(home), assertion))


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat", "auth_time"])
def test_a_time_is_a_number_that_a_clock_can_show(home: Flow, claim: str) -> None:
    wrong: list[Any] = [10**400, -(10**400), True, "soon", None, {}]
    for value in wrong:
        refused = bear(resources(home), elsewhere(KEY, **{claim: value}), "other")
        assert refusal(refused) == (400, "invalid_grant")
        assert f"its {claim} is '{str(value)[:200]}" in description(refused)
    refused = bear(resources(home), elsewhere(KEY, **{claim: float("nan")}), "other")
    assert "is not JSON: NaN is no JSON" in description(refused)


def test_the_time_of_the_login_comes_along(home: Flow) -> None:
    then = time.time() - 100
    token = bear(resources(home), elsewhere(auth_time=then), "other").get_json()["access_token"]
    assert payload(token)["auth_time"] == int(then)
    refused = bear(resources(home), elsewhere(auth_time=then + 3600), "other")
    assert "its auth_time is" in description(refused)


def test_a_disabled_user_gets_nothing(home: Flow) -> None:
    assert refusal(bear(resources(home), elsewhere(email="mallory@globex.example"), "other")) == (400, "invalid_grant")


@pytest.mark.parametrize("assertion", ["", "garbage", "a.b.c"])
def test_what_is_no_assertion_is_refused(home: Flow, assertion: str) -> None:
    assert bear(resources(home), assertion, "other").status_code == 400


def test_a_client_needs_the_grant(home: Flow) -> None:
    assert refusal(bear(resources(home), "x", "service")) == (400, "unauthorized_client")


@pytest.mark.parametrize("on", [True, False])
def test_the_profile_is_advertised_and_served_exactly_when_it_is_on(start: Start, on: bool) -> None:
    home = begun(start, features={"id_jag": on})
    profiles = resources(home).metadata().get("authorization_grant_profiles_supported")
    assert profiles == (["urn:ietf:params:oauth:grant-profile:id-jag"] if on else None)
    assertion = asserted(home).get_json()["access_token"]
    assert bear(resources(home), assertion).status_code == (200 if on else 400)
    back = {"subject_token": "x", "subject_token_type": f"{TYPE}id_token", "requested_token_type": f"{TYPE}id-jag"}
    there = resources(home).token(grant_type=EXCHANGE, audience=HOME, **back)
    assert ("this issuer gives" in description(there)) is not on


def test_trusting_nobody_in_the_seed_without_keys_is_a_mistake(start: Start) -> None:
    with pytest.raises(Exception, match="this issuer has no keys"):
        start({"trusted_issuers": {ELSEWHERE: None}})
