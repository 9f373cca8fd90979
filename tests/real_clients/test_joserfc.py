"""joserfc: the tokens verify against the published keys, header and claims included."""

from __future__ import annotations

import httpx
import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidClaimError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from tests.flow import MCP
from tests.real_clients.client import Client


@pytest.fixture
def keys(client: Client) -> KeySet:
    return KeySet.import_key_set(httpx.get(client.metadata["jwks_uri"]).json())


def registry(issuer: str, audience: str) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        sub={"essential": True, "value": "alice"},
        exp={"essential": True},
        iat={"essential": True},
    )


def test_access_and_id_token_are_valid(issuer: str, client: Client, keys: KeySet) -> None:
    tokens = client.log_in("openid mcp:read")
    access = jwt.decode(tokens["access_token"], keys, algorithms=["RS256"])
    identity = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"])
    registry(issuer, MCP).validate(access.claims)
    registry(issuer, "web").validate(identity.claims)
    assert (access.header["typ"], identity.header["typ"]) == ("at+jwt", "JWT")
    assert access.header["kid"] == keys.keys[0].kid


def test_an_id_token_is_no_access_token(issuer: str, client: Client, keys: KeySet) -> None:
    identity = jwt.decode(client.log_in("openid mcp:read")["id_token"], keys, algorithms=["RS256"])
    with pytest.raises(InvalidClaimError):
        registry(issuer, MCP).validate(identity.claims)


def test_a_token_that_was_tampered_with_does_not_verify(client: Client, keys: KeySet) -> None:
    header, payload, signature = client.log_in("openid mcp:read")["access_token"].split(".")
    other = client.log_in("openid mcp:read")["access_token"].split(".")[1]
    assert other != payload
    with pytest.raises(BadSignatureError):
        jwt.decode(f"{header}.{other}.{signature}", keys, algorithms=["RS256"])
