"""The MCP Python SDK, client and server: from the first refusal to a tool's answer, and on when tokens end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from mcp.client.auth import OAuthFlowError
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.shared.auth import OAuthClientInformationFull

from tests.flow import REDIRECT_URI
from tests.real_clients.asgi import asgi_served
from tests.real_clients.browser import Browser
from tests.real_clients.mcp_client import Application
from tests.real_clients.mcp_server import protected_server
from tests.real_clients.page import Page
from tests.real_clients.verifier import metadata, verify

LIFETIME = 3600


@pytest.fixture
def server(issuer: str) -> Iterator[str]:
    """The URL of a protected MCP server."""
    with asgi_served(partial(protected_server, issuer)) as base_url:
        yield f"{base_url}/mcp"


@pytest.fixture
def writing_server(issuer: str) -> Iterator[str]:
    """The URL of one that wants ``mcp:write``."""
    with asgi_served(partial(protected_server, issuer, scope="mcp:write")) as base_url:
        yield f"{base_url}/mcp"


@pytest.fixture
def application(server: str, browser: Browser) -> Application:
    return Application(server, browser.authorize)


def test_a_refused_client_finds_the_issuer_registers_logs_in_and_calls_a_tool(
    issuer: str, server: str, application: Application
) -> None:
    assert application.call("whoami") == "alice: mcp:read offline_access"
    requests = application.requests()
    assert requests[:7] == [
        "POST /mcp 401",
        "GET /.well-known/oauth-protected-resource/mcp 200",
        "GET /.well-known/oauth-authorization-server/default 200",
        "POST /default/register 201",
        "browser",
        "POST /default/token 200",
        "POST /mcp 200",
    ]
    assert not [each for each in requests[7:] if not each.startswith(("POST /mcp 20", "GET /mcp", "DELETE /mcp"))]
    assert application.memory.tokens is not None
    assert verify(application.memory.tokens.access_token, issuer, server)["sub"] == "alice"


def test_the_second_call_needs_no_login(application: Application) -> None:
    application.call("whoami")
    application.requests()
    assert application.call("whoami").startswith("alice")
    assert all("/mcp 20" in each for each in application.requests())


def test_an_expired_token_is_refreshed_without_the_user(
    application: Application, let_pass: Callable[[float], None]
) -> None:
    application.call("whoami")
    for _ in range(2):
        before = application.memory.tokens
        application.requests()
        let_pass(LIFETIME + 1)
        assert application.call("whoami") == "alice: mcp:read offline_access"
        assert application.requests()[:2] == ["POST /default/token 200", "POST /mcp 200"]
        assert before is not None
        assert application.memory.tokens is not None
        assert application.memory.tokens.refresh_token != before.refresh_token


def test_after_revocation_the_client_starts_again_under_its_registration(
    issuer: str, application: Application, let_pass: Callable[[float], None]
) -> None:
    application.call("whoami")
    registered, tokens = application.memory.client, application.memory.tokens
    assert registered is not None
    assert registered.client_secret is not None
    assert tokens is not None
    httpx.post(
        metadata(issuer)["revocation_endpoint"],
        data={"token": tokens.refresh_token},
        auth=(registered.client_id, registered.client_secret),
    ).raise_for_status()
    application.requests()
    let_pass(LIFETIME + 1)
    assert application.call("whoami").startswith("alice")
    assert application.requests()[:7] == [
        "POST /default/token 400",
        "POST /mcp 401",
        "GET /.well-known/oauth-protected-resource/mcp 200",
        "GET /.well-known/oauth-authorization-server/default 200",
        "browser",
        "POST /default/token 200",
        "POST /mcp 200",
    ]


def test_a_client_with_a_document_needs_no_registration(server: str, browser: Browser) -> None:
    document = "https://claude.ai/oauth/claude-code-client-metadata"
    application = Application(server, browser.authorize, document)
    assert application.call("whoami").startswith("alice: mcp:read")
    assert application.memory.client is not None
    assert application.memory.client.client_id == document
    assert "POST /default/register 201" not in application.requests()


def test_the_enterprise_issuer_serves_the_loop_too(live_url: str, browser: Browser) -> None:
    issuer = f"{live_url}/enterprise"
    with asgi_served(partial(protected_server, issuer)) as base_url:
        assert Application(f"{base_url}/mcp", browser.authorize).call("whoami").startswith("alice")


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_service_calls_a_tool_with_credentials_of_its_own(
    issuer: str,
    application: Application,
    server: str,
    method: Literal["client_secret_basic", "client_secret_post"],
    let_pass: Callable[[float], None],
) -> None:
    application.provider = ClientCredentialsOAuthProvider(
        server, application.memory, "service", "service-secret", method, scope="mcp:read", issuer=issuer
    )
    assert application.call("whoami") == "service: mcp:read"
    application.requests()
    let_pass(LIFETIME + 1)
    assert application.call("whoami") == "service: mcp:read"
    assert "POST /default/token 200" in application.requests()


def test_a_registration_that_devidp_has_forgotten_is_explained_to_the_person(
    issuer: str, application: Application, browser: Browser
) -> None:
    pages: list[Page] = []
    application.memory.client = OAuthClientInformationFull(client_id="forgotten", issuer=issuer)

    def person(address: str) -> str:
        pages.append(browser.visit(address))
        return f"{REDIRECT_URI}?state={parse_qs(urlsplit(address).query)['state'][0]}&iss={issuer}"

    application.person = person
    with pytest.raises(ExceptionGroup):
        application.call("whoami")
    assert pages[0].status == 400
    assert "Client 'forgotten' is not known to issuer" in pages[0].text


def test_a_token_for_another_server_is_refused(issuer: str, application: Application) -> None:
    application.call("whoami")
    tokens = application.memory.tokens
    assert tokens is not None
    with asgi_served(partial(protected_server, issuer)) as base_url:
        answer = httpx.post(f"{base_url}/mcp", headers={"Authorization": f"Bearer {tokens.access_token}"})
    assert answer.status_code == 401
    assert "resource_metadata=" in answer.headers["WWW-Authenticate"]


def test_a_scope_that_is_missing_at_first_is_asked_for_again(writing_server: str, browser: Browser) -> None:
    answers = iter(["without", "with"])

    def person(address: str) -> str:
        if next(answers) == "with":
            return browser.authorize(address)
        page = browser.log_in(browser.visit(address))
        page.untick("Store, update and forget")
        return browser.press(page, "Allow").address

    application = Application(writing_server, person)
    assert application.call("whoami") == "alice: mcp:write offline_access"
    requests = application.requests()
    assert [each for each in requests if each == "browser" or "/default" in each] == [
        "GET /.well-known/oauth-authorization-server/default 200",
        "POST /default/register 201",
        "browser",
        "POST /default/token 200",
        "browser",
        "POST /default/token 200",
    ]
    assert "POST /mcp 403" in requests


def test_a_user_who_may_not_have_the_scope_stays_outside(writing_server: str, browser: Browser) -> None:
    application = Application(writing_server, lambda address: browser.authorize(address, "bob"))
    with pytest.raises(ExceptionGroup):
        application.call("whoami")
    assert application.memory.tokens is not None
    assert application.memory.tokens.scope == "offline_access"
    assert "POST /mcp 200" not in application.requests()


def test_a_user_who_says_no_is_believed(server: str, browser: Browser) -> None:
    def person(address: str) -> str:
        return browser.press(browser.log_in(browser.visit(address)), "Deny").address

    application = Application(server, person)
    with pytest.raises(ExceptionGroup) as refused:
        application.call("whoami")
    assert refused.group_contains(OAuthFlowError, match="No authorization code received")
    assert application.memory.tokens is None
