"""Authlib's OAuth 2 client, on requests and on httpx: everything that a confidential client does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuth2Client
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from devidp.system.clock import Clock
from tests.flow import MCP, REDIRECT_URI
from tests.real_clients.browser import Browser
from tests.real_clients.verifier import metadata, verify

LIFETIME = 3600
NONCE = "n-0S6_WzA2Mj"
SCOPE = "openid profile mcp:read"


@pytest.fixture
def server(issuer: str) -> dict[str, Any]:
    return metadata(issuer)


@pytest.fixture(params=[OAuth2Session, OAuth2Client], ids=["requests", "httpx"])
def session(request: pytest.FixtureRequest, server: dict[str, Any]) -> Iterator[Any]:
    opened = request.param(
        "web",
        "web-secret",
        scope=SCOPE,
        redirect_uri=REDIRECT_URI,
        code_challenge_method="S256",
        token_endpoint=server["token_endpoint"],
    )
    yield opened
    opened.close()


def log_in(session: Any, server: dict[str, Any], browser: Browser, username: str = "alice") -> dict[str, Any]:
    verifier = generate_token(48)
    address, state = session.create_authorization_url(
        server["authorization_endpoint"], code_verifier=verifier, nonce=NONCE
    )
    answer = browser.authorize(address, username)
    tokens: dict[str, Any] = session.fetch_token(authorization_response=answer, state=state, code_verifier=verifier)
    return tokens


def test_the_id_token_is_valid_to_authlib(session: Any, server: dict[str, Any], browser: Browser) -> None:
    tokens = log_in(session, server, browser)
    keys = KeySet.import_key_set(httpx.get(server["jwks_uri"]).json())
    decoded = jwt.decode(tokens["id_token"], keys, algorithms=server["id_token_signing_alg_values_supported"])
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        {"iss": {"essential": True, "value": server["issuer"]}, "aud": {"essential": True, "value": "web"}},
        {"nonce": NONCE, "client_id": "web", "access_token": tokens["access_token"]},
    )
    claims.validate()
    assert claims["sub"] == "alice"


def test_userinfo_says_what_the_scope_releases(session: Any, server: dict[str, Any], browser: Browser) -> None:
    log_in(session, server, browser)
    claims = session.get(server["userinfo_endpoint"]).json()
    assert (claims["sub"], claims["name"]) == ("alice", "Alice Anderson")
    assert "email" not in claims


def test_a_user_gets_no_more_than_the_seed_allows(session: Any, server: dict[str, Any], browser: Browser) -> None:
    session.scope = "openid mcp:read mcp:write"
    assert log_in(session, server, browser, "bob")["scope"] == "openid mcp:read"


def test_an_expired_access_token_is_refused_and_a_refreshed_one_is_not(
    session: Any, server: dict[str, Any], browser: Browser, clock: Clock
) -> None:
    first = log_in(session, server, browser)
    clock.advance(LIFETIME + 1)
    assert session.get(server["userinfo_endpoint"]).status_code == 401
    second = session.refresh_token()
    assert second["refresh_token"] != first["refresh_token"]
    assert session.get(server["userinfo_endpoint"]).json()["sub"] == "alice"


def test_the_session_refreshes_by_itself_when_its_own_clock_says_so(
    session: Any, server: dict[str, Any], browser: Browser, let_pass: Callable[[float], None]
) -> None:
    first = log_in(session, server, browser)
    let_pass(LIFETIME + 1)
    assert session.get(server["userinfo_endpoint"]).json()["sub"] == "alice"
    assert session.token["access_token"] != first["access_token"]
    assert verify(session.token["access_token"], server["issuer"], MCP)["scope"] == SCOPE


def test_a_refresh_token_works_once(session: Any, server: dict[str, Any], browser: Browser, clock: Clock) -> None:
    first = log_in(session, server, browser)
    second = session.refresh_token()
    clock.advance(LIFETIME)
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.refresh_token(refresh_token=first["refresh_token"])
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.refresh_token(refresh_token=second["refresh_token"])


def test_introspection_follows_revocation(session: Any, server: dict[str, Any], browser: Browser) -> None:
    token = log_in(session, server, browser)["access_token"]
    introspect = server["introspection_endpoint"]
    state = session.introspect_token(introspect, token=token, token_type_hint="access_token").json()
    assert (state["active"], state["username"], state["scope"]) == (True, "alice", SCOPE)
    answer = session.revoke_token(server["revocation_endpoint"], token=token, token_type_hint="access_token")
    assert answer.status_code == 200
    assert session.introspect_token(introspect, token=token).json() == {"active": False}
    assert session.get(server["userinfo_endpoint"]).status_code == 401


def test_revoking_the_refresh_token_ends_the_authorization(
    session: Any, server: dict[str, Any], browser: Browser
) -> None:
    tokens = log_in(session, server, browser)
    session.revoke_token(server["revocation_endpoint"], token=tokens["refresh_token"], token_type_hint="refresh_token")
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.refresh_token()
    assert session.get(server["userinfo_endpoint"]).status_code == 401


def test_a_client_that_registered_for_the_body_revokes_with_basic(server: dict[str, Any]) -> None:
    # Authlib's default at the revocation endpoint, whatever it does at the token endpoint
    method = "client_secret_post"
    asked = {"grant_types": ["client_credentials"], "token_endpoint_auth_method": method}
    client = httpx.post(server["registration_endpoint"], json=asked).json()
    with OAuth2Session(client["client_id"], client["client_secret"], token_endpoint_auth_method=method) as session:
        tokens = session.fetch_token(server["token_endpoint"], grant_type="client_credentials")
        answer = session.revoke_token(server["revocation_endpoint"], token=tokens["access_token"])
        assert answer.status_code == 200, answer.text
        asked_again = session.introspect_token(server["introspection_endpoint"], token=tokens["access_token"])
    assert asked_again.json() == {"active": False}


@pytest.mark.parametrize("kind", [OAuth2Session, OAuth2Client])
@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_client_credentials_yield_a_token_of_the_client_itself(kind: Any, method: str, server: dict[str, Any]) -> None:
    with kind("service", "service-secret", token_endpoint_auth_method=method, scope="mcp:read") as service:
        tokens = service.fetch_token(server["token_endpoint"], grant_type="client_credentials", resource=MCP)
    claims = verify(tokens["access_token"], server["issuer"], MCP)
    assert (claims["sub"], claims["scope"]) == ("service", "mcp:read")
    assert "refresh_token" not in tokens


def test_the_asynchronous_client_goes_through_the_whole_flow(server: dict[str, Any], browser: Browser) -> None:
    async def main() -> Any:
        verifier = generate_token(48)
        async with AsyncOAuth2Client(
            "spa", redirect_uri=REDIRECT_URI, scope="openid", code_challenge_method="S256"
        ) as session:
            address, _ = session.create_authorization_url(server["authorization_endpoint"], code_verifier=verifier)
            answer = await asyncio.to_thread(browser.authorize, address)
            await session.fetch_token(server["token_endpoint"], authorization_response=answer, code_verifier=verifier)
            return (await session.get(server["userinfo_endpoint"])).json()

    assert asyncio.run(main())["sub"] == "alice"
