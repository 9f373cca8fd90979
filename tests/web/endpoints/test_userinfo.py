"""UserInfo: the claims that the scopes release, to a token that is valid at this moment."""

from __future__ import annotations

import pytest

from devidp.system.clock import Clock
from tests.flow import MCP, Flow
from tests.refusal import description, refusal
from tests.shipped import Start, shipped

PROFILE = {
    "name": "Alice Anderson",
    "given_name": "Alice",
    "family_name": "Anderson",
    "preferred_username": "alice",
}


@pytest.mark.parametrize(
    ("scope", "claims"),
    [
        ("openid", {}),
        ("openid mcp:read", {}),
        ("openid profile", PROFILE),
        ("openid email", {"email": "alice@acme.example", "email_verified": True}),
        ("openid phone", {"phone_number": "+1 555 0100", "phone_number_verified": True}),
        (
            "openid address",
            {"address": {"street_address": "1 Main Street", "locality": "Springfield", "country": "US"}},
        ),
    ],
)
def test_each_scope_releases_its_claims(flow: Flow, scope: str, claims: dict[str, object]) -> None:
    response = flow.userinfo(flow.tokens(scope=scope)["access_token"])
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.get_json() == {"sub": "alice", **claims}


def test_a_scope_of_the_seed_releases_what_the_seed_says(start: Start) -> None:
    flow = start(
        scopes={"hr": {"description": "HR", "claims": ["roles", "nested", "none_such"]}},
        resources={MCP: {"scopes": None}},
        users={"alice": {"claims": {"nested": {"a": [1, None]}}}},
    )
    answer = flow.userinfo(flow.tokens(scope="openid hr")["access_token"]).get_json()
    assert answer == {"sub": "alice", "roles": ["admin"], "nested": {"a": [1, None]}}


def test_a_token_may_come_in_the_body_of_a_post(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    assert flow.http.post("/default/userinfo", data={"access_token": token}).status_code == 200
    assert flow.http.post("/default/userinfo", headers={"Authorization": f"bearer {token}"}).status_code == 200


def test_a_token_in_the_query_does_not_count(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    assert flow.http.get("/default/userinfo", query_string={"access_token": token}).status_code == 401


def test_a_token_in_two_places_is_refused(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    refused = flow.http.post("/default/userinfo", data={"access_token": token}, headers=headers)
    assert refusal(refused) == (400, "invalid_request")
    refused = flow.http.post("/default/userinfo", data={"access_token": [token, token]})
    assert refusal(refused) == (400, "invalid_request")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic d2ViOng="}])
def test_without_a_token_the_challenge_has_no_error(flow: Flow, headers: dict[str, str]) -> None:
    refused = flow.http.get("/default/userinfo", headers=headers)
    assert refusal(refused) == (401, "invalid_token")
    assert refused.headers["WWW-Authenticate"].split(",")[0] == "Bearer"
    assert "error" not in refused.headers["WWW-Authenticate"]
    assert refused.headers["Access-Control-Expose-Headers"] == "WWW-Authenticate, DPoP-Nonce, Retry-After"


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "..", "é", "x" * 50_000, '"', "a b"])
def test_a_token_that_is_none_gets_a_challenge_that_says_so(flow: Flow, token: str) -> None:
    refused = flow.userinfo(token)
    assert refusal(refused) == (401, "invalid_token")
    challenge = refused.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer error="invalid_token", error_description="The access token is not one of')
    assert "\\" not in challenge
    assert token == '"' or token not in description(refused)


def test_an_id_token_or_a_refresh_token_is_no_access_token(flow: Flow) -> None:
    tokens = flow.tokens()
    assert refusal(flow.userinfo(tokens["id_token"])) == (401, "invalid_token")
    assert refusal(flow.userinfo(tokens["refresh_token"])) == (401, "invalid_token")


def test_a_token_of_another_issuer_is_refused(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    refused = flow.at("enterprise").userinfo(token)
    assert refusal(refused) == (401, "invalid_token")
    assert "not one of issuer http://localhost:6749/enterprise" in description(refused)


def test_a_token_works_until_it_expires(flow: Flow, frozen: Clock) -> None:
    token = flow.tokens()["access_token"]
    frozen.advance(3599)
    assert flow.userinfo(token).status_code == 200
    frozen.advance(1)
    assert refusal(flow.userinfo(token)) == (401, "invalid_token")


def test_a_revoked_token_is_refused(flow: Flow) -> None:
    token = flow.tokens()["access_token"]
    flow.revoke(token)
    assert refusal(flow.userinfo(token)) == (401, "invalid_token")


@pytest.mark.parametrize("client", ["web", "service"])
def test_a_token_without_openid_lacks_a_scope(flow: Flow, client: str) -> None:
    if client == "web":
        token = flow.tokens(scope="profile mcp:read")["access_token"]
    else:
        token = flow.token("service", grant_type="client_credentials", scope="mcp:read").get_json()["access_token"]
    refused = flow.userinfo(token)
    assert refusal(refused) == (403, "insufficient_scope")
    assert refused.headers["WWW-Authenticate"].startswith('Bearer error="insufficient_scope"')
    assert "UserInfo needs openid" in description(refused)


@pytest.mark.parametrize("change", [{"disabled": True}, None, {"sub": "somebody-else"}])
def test_a_user_who_is_gone_or_disabled_is_nobody(flow: Flow, change: dict[str, object] | None) -> None:
    token = flow.tokens("bob")["access_token"]
    flow.runtime.adopt(shipped(users={"bob": change}))
    assert refusal(flow.userinfo(token)) == (401, "invalid_token")


def test_claims_are_those_of_the_seed_of_today(flow: Flow) -> None:
    token = flow.tokens(scope="openid email phone")["access_token"]
    bob = {"bob": {"scopes": ["openid"]}}
    claims = {"alice": {"claims": {"email": "new@acme.example"}}}
    flow.runtime.adopt(shipped(scopes={"phone": None}, users=bob | claims))
    assert flow.userinfo(token).get_json() == {"sub": "alice", "email": "new@acme.example", "email_verified": True}
