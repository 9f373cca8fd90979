"""Minting: a token of any kind without a flow, and a refusal for everything that could be misunderstood."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from devidp.faults import FAULTS
from devidp.faults.minting import Minted, MintRefused, mint, parse, series
from devidp.issuer.issuer import Issuer
from devidp.system.clock import Clock
from devidp.web.control.controller import Controller
from devidp.web.runtime import Runtime
from tests.flow import MCP, Flow
from tests.shipped import PUBLIC_URL, Start

OWN = ECKey.generate_key("P-256", {"kid": "mine"})
NOT_FOR_ANOTHER_ISSUER = [
    each.name
    for each in FAULTS.values()
    # RFC 7523 knows assertions without a type, devidp takes its issuer with a slash, and who logged in is for the other
    if "id-jag" in each.applies_to and (each.level, each.evidence) == ("must", "token")
    and each.name not in ("typ-wrong", "typ-missing", "audience-trailing-slash", "alg-es256")
]  # fmt: skip
JAG_GRANTS = ["authorization_code", "refresh_token", "token-exchange", "jwt-bearer"]


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
        ({"lifetime": "-15 min"}, "is not a duration"),
        ({"drop_header": "tpy"}, "header parameter 'tpy' is unknown"),
        ({"drop_header": "typ", "header": {"typ": "x"}}, "header with typ and drop_header with typ"),
        ({"free": "yes"}, "free: got 'yes'"),
        ({"user": {"name": "Zoe"}}, "expected sub among them"),
        ({"user": {"sub": "zoe", "iss": "x"}}, "the issuer itself says what iss is"),
        ({"token_type": "refresh", "user": {"sub": "zoe"}}, "whom the issuer knows"),
        ({"key": "-----BEGIN PRIVATE KEY-----"}, "neither a PEM nor a JWK"),
        ({"key": OWN.as_dict(private=False)}, "not a private key"),
        ({"fault": ["expired", "exp-missing"]}, "both change claims.exp"),
        ({"fault": ["expired", "expired"]}, "twice"),
        ({"fault": ["expired", "id-nonce-wrong"], "token_type": "access"}, "is for id tokens, not for access"),
        ({"fault": ["scope-missing", "id-nonce-wrong"]}, "not for one type"),
        ({"token_type": "logout", "scope": "openid", "audience": "api"}, "has no scope and no audience of its own"),
        ({"user": {"sub": "zoe", "aud": "x"}}, r'The claim aud of user is "x", and the issuer'),
        ({"fault": "typ-wrong", "token_type": "id"}, "is for access and logout and id-jag tokens, not for id"),
        ({"token_type": "client-assertion", "user": "alice"}, "has no user"),
        ({"token_type": "client-assertion", "scope": "openid"}, "has no scope"),
        ({"token_type": "client-assertion", "client": "web"}, "no private key of client 'web'"),
        ({"token_type": "client-assertion", "key": "retired", "client": "web"}, "only an issuer has"),
        ({"token_type": "client-assertion", "audience": MCP}, "audience 'http://localhost:8000/mcp' is unknown"),
        ({"lifetime": True}, "lifetime: got 'True'"),
        ({"lifetime": 5, "claims": {"exp": 1}}, "lifetime and claims or drop with exp"),
        ({"drop": "sub", "claims": {"sub": "x"}}, "claims with sub and drop with sub"),
        ({"claims": {"x": {1, 2}}}, "cannot be written as JSON"),
        ({"claims": ["x"]}, "expected an object"),
        ({"user": 5}, "user: got '5'"),
        ({"token_type": "id", "client": "service"}, "needs a user"),
        ({"token_type": "refresh", "client": "service"}, "needs a user"),
        ({"token_type": "refresh", "lifetime": 60}, "worth what its issuer has stored"),
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


def test_free_takes_user_client_audience_and_scope_as_they_stand(issuer: Issuer, flow: Flow) -> None:
    wishes: dict[str, Any] = {"user": "zoe", "client": "anything", "audience": ["api"], "scope": "notes:all x"}
    with pytest.raises(MintRefused, match="'anything' is unknown"):
        mint_token(issuer, **wishes)
    token = mint_token(issuer, **wishes, free=True)
    _, claims = read(issuer, token.token)
    found = {name: claims[name] for name in ("sub", "client_id", "aud", "scope")}
    assert found == {"sub": "zoe", "client_id": "anything", "aud": "api", "scope": "notes:all x"}
    assert "taken as it stands" in token.explanation
    assert mint_token(issuer, user="mallory", free=True).claims["sub"] == "mallory"
    assert flow.introspect(token.token) == {"active": False}


def test_a_user_of_ones_own_has_all_claims_that_were_given(issuer: Issuer) -> None:
    somebody = {"sub": "zoe", "email": "zoe@acme.example", "roles": ["auditor"], "x": {"y": 1}}
    for token_type in ("access", "id", "id-jag"):
        claims = mint_token(issuer, user=somebody, token_type=token_type).claims
        assert {name: claims[name] for name in somebody} == somebody


@pytest.mark.parametrize(("lifetime", "seconds"), [(-60, -60), ("-1h", -3600), (0, 0), ("15m", 900)])
def test_a_lifetime_may_have_passed(issuer: Issuer, lifetime: int | str, seconds: int) -> None:
    token = mint_token(issuer, lifetime=lifetime, not_before=-10)
    assert token.claims["exp"] - token.claims["iat"] == seconds
    assert token.claims["nbf"] - token.claims["iat"] == -10
    assert seconds >= 0 or "before it was issued" in token.explanation


def test_header_parameters_can_be_left_out(issuer: Issuer) -> None:
    assert set(mint_token(issuer, drop_header=["typ", "kid"]).header) == {"alg"}


@pytest.mark.parametrize("form", ["PEM", "JWK text", "JWK"])
def test_a_key_of_ones_own_signs_under_its_own_name(issuer: Issuer, form: str) -> None:
    forms = {"PEM": OWN.as_pem(private=True).decode(), "JWK text": json.dumps(OWN.as_dict(private=True))}
    token = mint_token(issuer, key=forms.get(form) or OWN.as_dict(private=True))
    assert jwt.decode(token.token, OWN, algorithms=["ES256"]).claims["sub"] == "alice"
    assert token.header["kid"] == (OWN.thumbprint() if form == "PEM" else "mine")
    assert str(OWN.as_dict(private=True)["d"]) not in token.explanation


def test_several_faults_are_in_one_token_and_explained(issuer: Issuer, clock: Clock) -> None:
    token = mint_token(issuer, fault=["expired", "audience-missing", "signature-bad"])
    assert token.claims["exp"] < clock.seconds()
    assert "aud" not in token.claims
    with pytest.raises(JoseError):
        read(issuer, token.token)
    assert "3 faults: `exp` is a day ago; `aud` is missing" in token.explanation


def test_an_id_jag_is_one_that_an_exchange_gives(start: Start) -> None:
    trusting = {"trusted_issuers": {"default": None}}
    flow = start({"grants": None}, issuers={"enterprise": trusting}, clients={"web": {"grants": JAG_GRANTS}})
    home = flow.app.extensions["devidp"].first()
    asked: dict[str, Any]
    for asked in ({}, {"audience": f"{PUBLIC_URL}/enterprise", "resource": MCP, "scope": "mcp:read"}):
        minted = mint_token(home, token_type="id-jag", client="web", user="alice", **asked)
        assert minted.explanation.startswith("A valid ID-JAG for user alice through client web")
        answer = bear(flow, minted.token)
        assert answer.status_code == 200, answer.text
        for fault in NOT_FOR_ANOTHER_ISSUER:
            spoilt = mint_token(home, token_type="id-jag", client="web", fault=fault, **asked).token
            assert bear(flow, spoilt).get_json().get("error") == "invalid_grant", fault


def bear(flow: Flow, assertion: str) -> Any:
    enterprise = flow.at("enterprise")
    return enterprise.token("web", grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer", assertion=assertion)


@pytest.mark.parametrize("method", ["private_key_jwt", "client_secret_jwt"])
def test_a_client_assertion_authenticates_the_client_and_a_faulty_one_does_not(start: Start, method: str) -> None:
    own = method == "private_key_jwt"
    credential = {"jwks": {"keys": [OWN.as_dict(private=False)]}} if own else {"secret": "s" * 32}
    client = {**credential, "auth_method": method, "grants": ["client_credentials"]}
    flow = start({"grants": None}, clients={"signer": client})
    issuer = flow.app.extensions["devidp"].first()
    wishes: dict[str, Any] = {"token_type": "client-assertion", "client": "signer"}
    wishes |= {"key": OWN.as_dict(private=True)} if own else {}
    assert authenticated(flow, mint_token(issuer, **wishes).token) == 200
    groups = ("time", "signature", "key", "algorithm", "shape") if own else ("time", "signature")
    of_assertions = [each for each in FAULTS.values() if "client-assertion" in each.applies_to and each.group in groups]
    for fault in of_assertions:
        if fault.level == "must" and fault.name not in ("alg-es256", "iat-missing"):
            assert authenticated(flow, mint_token(issuer, fault=fault.name, **wishes).token) == 401, fault.name


def test_what_a_secret_does_not_have_is_refused(start: Start) -> None:
    client = {"secret": "s" * 32, "auth_method": "client_secret_jwt", "grants": ["client_credentials"]}
    issuer = start({"grants": None}, clients={"signer": client}).app.extensions["devidp"].first()
    for fault in ("alg-hs256-public-pem", "alg-hs256-public-der", "alg-hs256-public-jwk", "header-jwk"):
        with pytest.raises(MintRefused, match="no public half"):
            mint_token(issuer, token_type="client-assertion", client="signer", fault=fault)


def authenticated(flow: Flow, assertion: str) -> int:
    form = {
        "grant_type": "client_credentials", "client_assertion": assertion,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    return flow.http.post(f"{flow.base}/token", data=form).status_code


def read(issuer: Issuer, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token whose signature holds."""
    decoded = jwt.decode(token, issuer.keys.key_set())
    return decoded.header, decoded.claims


@pytest.mark.parametrize(
    ("fault", "places"),
    [
        ([], {}),
        ("expired", {"claims.exp": "expired"}),
        (["expired", "kid-unknown"], {"claims.exp": "expired", "header.kid": "kid-unknown"}),
        (["audience-wrong", "signature-bad"], {"claims.aud": "audience-wrong", "signature": "signature-bad"}),
        ("kid-of-another-key", {"key": "kid-of-another-key"}),
        ("payload-null", {"claims": "payload-null"}),
        ("garbage", {"header": "garbage", "claims": "garbage"}),
        ("claims-duplicate", {"signature": "claims-duplicate"}),
        ("revoked", {}),
    ],
)
def test_it_is_told_which_fault_is_where(flow: Flow, fault: Any, places: dict[str, str]) -> None:
    assert mint(flow.issuer, parse({"user": "alice", "client": "web", "fault": fault})).places == places
