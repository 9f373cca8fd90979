"""Minting: a token of any kind without a flow, and a refusal for everything that could be misunderstood."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from joserfc import jwt

from devidp.faults.minting import Minted, MintRefused, mint, parse, series
from devidp.issuer.issuer import Issuer
from devidp.system.clock import Clock
from devidp.web.control.controller import Controller
from devidp.web.runtime import Runtime
from tests.flow import MCP, Flow


@pytest.fixture
def issuer(runtime: Runtime) -> Issuer:
    return runtime.first()


def mint_token(issuer: Issuer, **parameters: Any) -> Minted:
    return mint(issuer, parse(parameters))


@pytest.mark.parametrize("token_type", ["access", "id"])
def test_a_minted_token_has_the_header_and_claims_of_one_that_a_flow_issues(
    issuer: Issuer, flow: Flow, token_type: str
) -> None:
    name = {"access": "access_token", "id": "id_token"}[token_type]
    issued = flow.tokens("alice", scope="openid mcp:read")[name]
    like_it = mint_token(issuer, user="alice", client="web", scope="openid mcp:read", token_type=token_type)
    header, claims = read(issuer, issued)
    assert dict(like_it.header) == header
    assert list(like_it.claims) == list(claims)
    once = {"jti", "iat", "exp", "auth_time", "at_hash", "sid"}
    assert {k: v for k, v in like_it.claims.items() if k not in once} == {
        k: v for k, v in claims.items() if k not in once
    }


def test_the_token_of_a_client_itself_is_as_the_client_credentials_grant_issues_it(issuer: Issuer, flow: Flow) -> None:
    response = flow.token("service", grant_type="client_credentials", scope="mcp:read")
    claims = read(issuer, response.get_json()["access_token"])[1]
    like_it = mint_token(issuer, client="service", scope="mcp:read").claims
    assert list(like_it) == list(claims)
    assert like_it["sub"] == claims["sub"] == "service"


def test_without_parameters_the_first_user_and_client_of_the_seed_get_a_token(issuer: Issuer) -> None:
    token = mint_token(issuer)
    assert (token.claims["sub"], token.claims["client_id"], token.claims["aud"]) == ("alice", "web", MCP)
    assert token.explanation.startswith("A valid access token for user alice through client web")


def test_introspection_and_userinfo_accept_a_minted_token_like_a_real_one(issuer: Issuer, flow: Flow) -> None:
    token = mint_token(issuer, user="bob", scope="openid mcp:read").token
    assert flow.introspect(token)["username"] == "bob"
    answer = flow.http.get("/default/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert answer.get_json() == {"sub": "bob"}


def test_a_minted_refresh_token_can_be_used(issuer: Issuer, flow: Flow) -> None:
    token = mint_token(issuer, user="alice", client="web", token_type="refresh").token
    assert flow.refresh(token).status_code == 200


def test_lifetime_and_not_before_are_durations(issuer: Issuer, clock: Clock) -> None:
    clock.freeze()
    claims = mint_token(issuer, lifetime="15m", not_before=60).claims
    assert claims["exp"] - claims["iat"] == 900
    assert claims["nbf"] == clock.seconds() + 60


def test_claims_and_header_can_be_set_and_claims_left_out(issuer: Issuer) -> None:
    token = mint_token(issuer, claims={"sub": "x", "extra": [1]}, drop="jti", header={"cty": "JWT"})
    header, claims = read(issuer, token.token)
    assert (claims["sub"], claims["extra"], "jti" in claims, header["cty"]) == ("x", [1], False, "JWT")
    assert "sub set, extra set, jti left out, header cty set" in token.explanation


def test_tokens_of_a_series_are_valid_and_alike_but_for_their_ids(
    issuer: Issuer, flow: Flow, runtime: Runtime, clock: Clock
) -> None:
    clock.freeze()
    made = series(issuer, parse({"user": "alice", "client": "web", "scope": "mcp:read", "claims": {"plan": "gold"}}))
    tokens = list(islice(made, 5))
    claims = [read(issuer, token)[1] for token in tokens]
    assert len({each.pop("jti") for each in claims}) == 5
    assert claims == [claims[0]] * 5
    assert all(flow.is_active(token) for token in tokens)
    clock.advance(1)
    assert read(issuer, next(made))[1]["iat"] == claims[0]["iat"] + 1
    Controller(runtime).users["alice"].revoke()
    assert not any(flow.is_active(token) for token in tokens)


@pytest.mark.parametrize(
    "asked", [{"client": "service"}, {"drop": "jti"}, {"claims": {"jti": "mine"}}, {"header": {"cty": "JWT"}}]
)
def test_tokens_of_a_series_are_like_a_single_one(issuer: Issuer, frozen: Clock, asked: dict[str, Any]) -> None:
    single = mint_token(issuer, **asked)
    for token in islice(series(issuer, parse(asked)), 3):
        header, claims = read(issuer, token)
        assert header == single.header
        assert {**claims, "jti": None} == {**single.claims, "jti": None}


@pytest.mark.parametrize("asked", [{"fault": "expired"}, {"token_type": "id"}, {"key": "foreign"}])
def test_a_series_has_only_valid_access_tokens(issuer: Issuer, asked: dict[str, Any]) -> None:
    with pytest.raises(MintRefused, match="valid access tokens only"):
        next(series(issuer, parse(asked)))


@pytest.mark.parametrize("key", ["retired", "unpublished", "foreign"])
def test_a_key_that_is_not_published_signs_under_its_own_name(issuer: Issuer, flow: Flow, key: str) -> None:
    token = mint_token(issuer, key=key)
    assert token.header["kid"] not in {each.kid for each in issuer.keys.public_keys()}
    assert flow.introspect(token.token) == {"active": False}


def test_a_retired_key_is_the_one_that_the_issuer_withdrew(issuer: Issuer) -> None:
    former = issuer.keys.active.kid
    issuer.keys.rotate(overlap=False)
    assert mint_token(issuer, key="retired").header["kid"] == former


def test_a_logout_token_has_the_claims_of_back_channel_logout(issuer: Issuer) -> None:
    token = mint_token(issuer, token_type="logout", user="alice")
    assert token.header["typ"] == "logout+jwt"
    assert set(token.claims) == {"iss", "sub", "aud", "iat", "exp", "jti", "events", "sid"}


@pytest.mark.parametrize(
    ("parameters", "came", "meant"),
    [
        ({"aud": "x"}, "parameter 'aud'", "audience"),
        ({"faults": "expired"}, "parameter 'faults'", "fault"),
        ({"fault": "expird"}, "fault 'expird'", "expired"),
        ({"user": "alic"}, "user 'alic'", "alice"),
        ({"client": "wep"}, "client 'wep'", "web"),
        ({"scope": "mcp:reed"}, "scope 'mcp:reed'", "mcp:read"),
        ({"scope": ["mcp:read", "mcp:wrote"]}, "scope 'mcp:wrote'", "mcp:write"),
        ({"key": "retird"}, "key 'retird'", "retired"),
        ({"token_type": "acess"}, "token_type 'acess'", "access"),
        ({"drop": "expp"}, "claim 'expp'", "exp"),
    ],
)
def test_an_unknown_name_is_refused_with_the_closest_one(
    issuer: Issuer, parameters: dict[str, Any], came: str, meant: str
) -> None:
    with pytest.raises(MintRefused) as refused:
        mint_token(issuer, **parameters)
    assert came in refused.value.reason
    assert f"Did you mean '{meant}'?" in refused.value.remedy


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"user": "mallory"}, "User 'mallory' is disabled"),
        ({"user": "bob", "scope": "mcp:admin"}, "mcp:admin withheld: user bob may not have it"),
        ({"user": "bob", "client": "service"}, "acts for itself"),
        ({"audience": "https://api.example.com"}, "is not in the seed"),
        ({"audience": MCP, "resource": "http://localhost:1/"}, "resource and audience"),
        ({"lifetime": "15 min"}, "did you mean 15m?"),
        ({"lifetime": 0}, "lifetime: got 0"),
        ({"lifetime": True}, "lifetime: got 'True'"),
        ({"lifetime": 5, "claims": {"exp": 1}}, "lifetime and claims or drop with exp"),
        ({"drop": "sub", "claims": {"sub": "x"}}, "claims with sub and drop with sub"),
        ({"claims": {"x": {1, 2}}}, "cannot be written as JSON"),
        ({"claims": ["x"]}, "expected an object"),
        ({"user": 5}, "user: got '5'"),
        ({"token_type": "id", "client": "service"}, "needs a user"),
        ({"token_type": "refresh", "client": "service"}, "needs a user"),
        ({"token_type": "refresh", "lifetime": 60}, "opaque"),
        ({"token_type": "refresh", "fault": "expired"}, "not for refresh"),
        ({"token_type": "id", "fault": "scope-missing"}, "is for access tokens, not for id"),
        ({"fault": "key-retired", "key": "foreign"}, "chooses a key itself"),
        ({"fault": "id-token", "client": "service"}, "does not apply"),
        ({"fault": "exp-string", "drop": "exp"}, "there is no exp"),
        ({"fault": "lifetime-30-days", "claims": {"iat": "x"}}, "the claim iat is"),
    ],
)
def test_what_cannot_be_minted_as_requested_is_refused_and_never_ignored(
    issuer: Issuer, parameters: dict[str, Any], why: str
) -> None:
    with pytest.raises(MintRefused) as refused:
        mint_token(issuer, **parameters)
    assert why in refused.value.reason
    assert refused.value.remedy


def read(issuer: Issuer, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token whose signature holds."""
    decoded = jwt.decode(token, issuer.keys.key_set())
    return decoded.header, decoded.claims
