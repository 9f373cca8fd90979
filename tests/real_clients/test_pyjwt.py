"""PyJWT with its PyJWKClient: the tokens verify, and a rotated key is found."""

from __future__ import annotations

import jwt
import pytest
from jwt import PyJWKClient, PyJWKClientError

from devidp.web.runtime import Runtime
from tests.flow import MCP
from tests.real_clients.client import Client
from tests.real_clients.verifier import metadata, verify


def test_access_and_id_token_verify_against_the_published_keys(issuer: str, client: Client) -> None:
    tokens = client.log_in("openid mcp:read")
    access = verify(tokens["access_token"], issuer, MCP)
    identity = verify(tokens["id_token"], issuer, "web")
    assert (access["sub"], access["scope"], access["client_id"]) == ("alice", "openid mcp:read", "web")
    assert (identity["sub"], identity["nonce"]) == ("alice", client.nonce)
    assert jwt.get_unverified_header(tokens["access_token"])["typ"] == "at+jwt"


def test_a_token_for_another_audience_is_refused(issuer: str, client: Client) -> None:
    tokens = client.log_in("openid mcp:read")
    with pytest.raises(jwt.InvalidAudienceError):
        verify(tokens["id_token"], issuer, MCP)
    with pytest.raises(jwt.InvalidAudienceError):
        verify(tokens["access_token"], issuer, "web")


def test_a_token_of_another_issuer_of_the_same_devidp_is_refused(issuer: str, client: Client) -> None:
    token = client.log_in("openid mcp:read")["access_token"]
    with pytest.raises(PyJWKClientError, match="Unable to find a signing key"):
        verify(token, issuer.replace("/default", "/enterprise"), MCP)


def test_an_expired_token_is_refused(issuer: str, client: Client, live_runtime: Runtime) -> None:
    live_runtime.clock.advance(-3601)
    token = client.log_in("openid mcp:read")["access_token"]
    with pytest.raises(jwt.ExpiredSignatureError):
        verify(token, issuer, MCP)


def test_the_new_key_is_found_after_a_rotation_and_the_old_one_stays(
    issuer: str, client: Client, live_runtime: Runtime
) -> None:
    keys = PyJWKClient(metadata(issuer)["jwks_uri"], cooldown_duration=0)
    before = client.log_in("openid mcp:read")["access_token"]
    verify(before, issuer, MCP, keys)
    live_runtime.servers["default"].issuer.keys.rotate()
    after = client.log_in("openid mcp:read")["access_token"]
    assert jwt.get_unverified_header(after)["kid"] != jwt.get_unverified_header(before)["kid"]
    assert verify(after, issuer, MCP, keys)["sub"] == "alice"
    assert verify(before, issuer, MCP, keys)["sub"] == "alice"


def test_by_default_it_does_not_ask_for_a_new_key_soon_after_it_has_asked(
    issuer: str, client: Client, live_runtime: Runtime
) -> None:
    keys = PyJWKClient(metadata(issuer)["jwks_uri"])
    verify(client.log_in("openid mcp:read")["access_token"], issuer, MCP, keys)
    live_runtime.servers["default"].issuer.keys.rotate()
    with pytest.raises(PyJWKClientError, match="Unable to find a signing key"):
        verify(client.log_in("openid mcp:read")["access_token"], issuer, MCP, keys)


def test_without_overlap_the_old_key_is_gone(issuer: str, client: Client, live_runtime: Runtime) -> None:
    keys = PyJWKClient(metadata(issuer)["jwks_uri"], cooldown_duration=0)
    before = client.log_in("openid mcp:read")["access_token"]
    live_runtime.servers["default"].issuer.keys.rotate(overlap=False)
    with pytest.raises(PyJWKClientError, match="Unable to find a signing key"):
        verify(before, issuer, MCP, keys)
