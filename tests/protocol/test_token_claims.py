"""What tokens say: access tokens by RFC 9068, ID tokens by OpenID Connect Core."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256, sha512

import pytest

from devidp.system.clock import Clock
from tests.flow import MCP, Flow, header, payload
from tests.shipped import Start

ISSUER = "http://localhost:6749/default"


def test_an_access_token_has_the_claims_of_rfc_9068(flow: Flow, frozen: Clock) -> None:
    now = frozen.seconds()
    token = flow.tokens(scope="openid mcp:read")["access_token"]
    assert set(header(token)) == {"alg", "typ", "kid"}
    assert header(token)["typ"] == "at+jwt"
    claims = payload(token)
    assert claims.pop("jti")
    assert claims == {
        "iss": ISSUER,
        "sub": "alice",
        "aud": MCP,
        "client_id": "web",
        "iat": now,
        "exp": now + 3600,
        "auth_time": now,
        "acr": "1",
        "amr": ["pwd"],
        "scope": "openid mcp:read",
        "roles": ["admin"],
        "tenant_id": "acme",
    }


def test_an_id_token_has_the_claims_of_openid_connect(start: Start, frozen: Clock) -> None:
    now = frozen.seconds()
    body = start({"claims_in_id_token": False}).tokens(scope="openid profile", nonce="n-1")
    assert set(header(body["id_token"])) == {"alg", "typ", "kid"}
    hashed = sha256(body["access_token"].encode()).digest()[:16]
    assert payload(body["id_token"]) == {
        "iss": ISSUER,
        "sub": "alice",
        "aud": "web",
        "iat": now,
        "exp": now + 600,
        "auth_time": now,
        "acr": "1",
        "amr": ["pwd"],
        "jti": payload(body["id_token"])["jti"],
        "nonce": "n-1",
        "at_hash": urlsafe_b64encode(hashed).rstrip(b"=").decode(),
        "sid": payload(body["id_token"])["sid"],
    }


def test_the_time_of_the_login_is_not_that_of_the_token(flow: Flow, frozen: Clock) -> None:
    logged_in = frozen.seconds()
    flow.tokens()
    frozen.advance(1000)
    body = flow.tokens()
    for token in (body["id_token"], body["access_token"]):
        assert payload(token)["auth_time"] == logged_in
        assert payload(token)["iat"] == logged_in + 1000


def test_without_a_nonce_there_is_none(flow: Flow) -> None:
    assert "nonce" not in payload(flow.tokens()["id_token"])


@pytest.mark.parametrize("nonce", ["a b+c%20", "é😀", "x" * 5000, '"quotes"', "\0"])
def test_a_nonce_comes_back_as_it_was(flow: Flow, nonce: str) -> None:
    assert payload(flow.tokens(nonce=nonce)["id_token"])["nonce"] == nonce


def test_a_refreshed_id_token_has_no_nonce(flow: Flow) -> None:
    body = flow.refresh(flow.tokens(nonce="n")["refresh_token"]).get_json()
    assert "nonce" not in payload(body["id_token"])


def test_every_token_has_an_id_of_its_own(flow: Flow) -> None:
    tokens = [flow.tokens()["access_token"] for _ in range(3)]
    assert len({payload(token)["jti"] for token in tokens}) == 3


def test_lifetimes_come_from_the_seed(start: Start) -> None:
    flow = start({"lifetimes": {"access_token": "1s", "id_token": "2m"}})
    body = flow.tokens()
    assert body["expires_in"] == 1
    assert payload(body["access_token"])["exp"] - payload(body["access_token"])["iat"] == 1
    assert payload(body["id_token"])["exp"] - payload(body["id_token"])["iat"] == 120


def test_the_seed_chooses_the_claims_of_access_tokens(start: Start) -> None:
    claims = {"org_id": "o", "nested": {"a": [1, {"b": None}]}, "permissions": ["x"]}
    flow = start({"access_token_claims": ["nested", "email", "missing"]}, users={"alice": {"claims": claims}})
    token = payload(flow.tokens(scope="openid")["access_token"])
    assert token["nested"] == {"a": [1, {"b": None}]}
    assert token["email"] == "alice@acme.example"
    assert not {"missing", "org_id", "roles", "permissions"} & set(token)


def test_claims_of_the_scopes_get_into_the_id_token_by_a_switch(start: Start) -> None:
    flow = start({"claims_in_id_token": True})
    claims = payload(flow.tokens(scope="openid email")["id_token"])
    assert (claims["email"], claims["email_verified"]) == ("alice@acme.example", True)
    assert "name" not in claims
    assert claims["aud"] == "web"


def test_a_sub_of_its_own_is_used_everywhere(start: Start) -> None:
    flow = start(users={"alice": {"sub": "auth0|1"}})
    body = flow.tokens()
    assert payload(body["access_token"])["sub"] == payload(body["id_token"])["sub"] == "auth0|1"
    assert flow.userinfo(body["access_token"]).get_json()["sub"] == "auth0|1"
    assert flow.introspect(body["access_token"])["username"] == "alice"
    assert flow.introspect(body["refresh_token"])["sub"] == "auth0|1"


@pytest.mark.parametrize(("algorithm", "hashed"), [("ES256", sha256), ("EdDSA", sha512)], ids=["ES256", "EdDSA"])
def test_the_hash_of_the_access_token_follows_the_algorithm(start: Start, algorithm: str, hashed: type[object]) -> None:
    body = start({"signing_algorithm": algorithm}).tokens()
    assert header(body["access_token"])["alg"] == header(body["id_token"])["alg"] == algorithm
    digest: bytes = hashed(body["access_token"].encode()).digest()  # type: ignore[call-arg, attr-defined]
    expected = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    assert payload(body["id_token"])["at_hash"] == expected
