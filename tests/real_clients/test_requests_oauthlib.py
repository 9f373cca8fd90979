"""requests-oauthlib: code with PKCE, automatic refresh, and the client credentials of a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from oauthlib.oauth2 import BackendApplicationClient, InvalidGrantError, LegacyApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from devidp import DevIdP
from tests.flow import MCP, REDIRECT_URI
from tests.real_clients.browser import Browser
from tests.real_clients.verifier import metadata, verify

SCOPE = ["openid", "mcp:read"]


@pytest.fixture(autouse=True)
def _plain_http_is_allowed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """oauthlib refuses to work without TLS otherwise."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def server(issuer: str) -> dict[str, Any]:
    return metadata(issuer)


def log_in(
    session: OAuth2Session, server: dict[str, Any], browser: Browser, username: str = "alice", **client: Any
) -> dict[str, Any]:
    """``client`` is what tells who it is; without it the client is public."""
    address, _ = session.authorization_url(server["authorization_endpoint"])
    answer = browser.authorize(address, username)
    tokens: dict[str, Any] = session.fetch_token(
        server["token_endpoint"], authorization_response=answer, **(client or {"include_client_id": True})
    )
    return tokens


def test_a_public_client_with_pkce_gets_a_token_that_verifies(server: dict[str, Any], browser: Browser) -> None:
    with OAuth2Session("spa", redirect_uri=REDIRECT_URI, scope=SCOPE, pkce="S256") as session:
        tokens = log_in(session, server, browser)
        assert session.get(server["userinfo_endpoint"]).json() == {"sub": "alice"}
    assert verify(tokens["access_token"], server["issuer"], MCP)["client_id"] == "spa"
    assert set(tokens["scope"]) == set(SCOPE)


def test_a_confidential_client_sends_its_secret_with_basic(server: dict[str, Any], browser: Browser) -> None:
    with OAuth2Session("web", redirect_uri=REDIRECT_URI, scope=SCOPE, pkce="S256") as session:
        tokens = log_in(session, server, browser, client_secret="web-secret")
    assert verify(tokens["access_token"], server["issuer"], MCP)["client_id"] == "web"


def test_the_session_refreshes_by_itself(
    server: dict[str, Any], browser: Browser, let_pass: Callable[[float], None]
) -> None:
    refreshed: list[dict[str, Any]] = []
    with OAuth2Session(
        "spa",
        redirect_uri=REDIRECT_URI,
        scope=SCOPE,
        pkce="S256",
        auto_refresh_url=server["token_endpoint"],
        auto_refresh_kwargs={"client_id": "spa"},
        token_updater=refreshed.append,
    ) as session:
        first = log_in(session, server, browser)
        for _ in range(2):
            let_pass(3601)
            assert session.get(server["userinfo_endpoint"]).json() == {"sub": "alice"}
    assert len({tokens["refresh_token"] for tokens in (first, *refreshed)}) == 3
    assert verify(refreshed[-1]["access_token"], server["issuer"], MCP)["sub"] == "alice"


def test_a_narrower_scope_than_asked_for_is_noticed(server: dict[str, Any], browser: Browser) -> None:
    session = OAuth2Session("spa", redirect_uri=REDIRECT_URI, scope=["openid", "mcp:write"], pkce="S256")
    with session, pytest.raises(Warning, match="Scope has changed") as noticed:
        log_in(session, server, browser, "bob")
    assert noticed.value.new_scope == ["openid"]  # type: ignore[attr-defined]


def test_a_code_that_is_used_again_is_an_invalid_grant(server: dict[str, Any], browser: Browser) -> None:
    with OAuth2Session("spa", redirect_uri=REDIRECT_URI, scope=SCOPE, pkce="S256") as session:
        address, _ = session.authorization_url(server["authorization_endpoint"])
        answer = browser.authorize(address)
        session.fetch_token(server["token_endpoint"], authorization_response=answer, include_client_id=True)
        with pytest.raises(InvalidGrantError, match="used before"):
            session.fetch_token(server["token_endpoint"], authorization_response=answer, include_client_id=True)


@pytest.mark.parametrize("in_body", [False, True])
def test_a_service_gets_a_token_for_itself(server: dict[str, Any], in_body: bool) -> None:
    with OAuth2Session(client=BackendApplicationClient("service", scope=["mcp:read"])) as session:
        secret: dict[str, Any] = {"auth": HTTPBasicAuth("service", "service-secret")}
        if in_body:
            secret = {"client_secret": "service-secret", "include_client_id": True}
        tokens = session.fetch_token(server["token_endpoint"], **secret)
    claims = verify(tokens["access_token"], server["issuer"], MCP)
    assert (claims["sub"], claims["scope"]) == ("service", "mcp:read")


def test_a_legacy_application_sends_the_password_itself() -> None:
    seed = {
        "issuers": {"default": {"grants": ["password", "refresh_token"], "signing_algorithm": "ES256"}},
        "users": {"alice": {"password": "alice"}},
        "clients": {"suite": {"secret": "suite-secret", "grants": ["password", "refresh_token"]}},
    }
    application = LegacyApplicationClient(client_id="suite", scope=["openid", "email"])
    with DevIdP(seed) as idp, OAuth2Session(client=application) as session:
        where = {"token_url": f"{idp.issuer}/token", "client_secret": "suite-secret"}
        tokens = session.fetch_token(username="alice", password="alice", **where)
        assert set(tokens["scope"]) == {"openid", "email"}
        again = session.refresh_token(where["token_url"], auth=HTTPBasicAuth("suite", "suite-secret"))
        assert again["refresh_token"] != tokens["refresh_token"]
        assert session.get(f"{idp.issuer}/userinfo").json() == {"sub": "alice"}
        with pytest.raises(InvalidGrantError):
            session.fetch_token(username="alice", password="wrong", **where)
