"""Both generations of the MCP TypeScript SDK: from the first refusal to a tool's answer, and on when tokens end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.flow import REDIRECT_URI
from tests.real_clients.asgi import asgi_served
from tests.real_clients.browser import Browser
from tests.real_clients.mcp_server import protected_server
from tests.real_clients.node import application
from tests.real_clients.program import Program, conversing

pytestmark = pytest.mark.slow
LIFETIME = 3600
SDKS = ["@modelcontextprotocol/sdk", "@modelcontextprotocol/client"]


@pytest.fixture(params=SDKS)
def sdk(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def program(sdk: str, browser: Browser) -> Iterator[Program]:
    with conversing(application(sdk), browser.authorize) as started:
        yield started


@pytest.fixture
def server(issuer: str) -> Iterator[str]:
    with asgi_served(partial(protected_server, issuer)) as base_url:
        yield f"{base_url}/mcp"


def text(answer: dict[str, Any]) -> str:
    assert "text" in answer, answer
    return str(answer["text"])


def test_the_whole_loop(
    program: Program, server: str, seen: Callable[[], list[str]], let_pass: Callable[[float], None]
) -> None:
    seen()
    assert text(program.ask(call="whoami", server=server)).startswith("alice: mcp:read")
    requests = seen()
    assert requests[:2] == ["oauth-authorization-server 200", "register 201"]
    assert "token 200" in requests
    for _ in range(2):
        let_pass(LIFETIME + 1)
        assert text(program.ask(call="whoami", server=server)).startswith("alice: mcp:read")
        assert [each for each in seen() if each.startswith(("token", "authorize", "register"))] == ["token 200"]


@pytest.mark.parametrize("method", ["none", "client_secret_post", "client_secret_basic"])
def test_a_client_registers_as_its_application_says(program: Program, server: str, method: str) -> None:
    metadata = {"token_endpoint_auth_method": method}
    assert text(program.ask(call="whoami", server=server, metadata=metadata)).startswith("alice")


def test_a_service_calls_a_tool_with_a_secret(program: Program, server: str, issuer: str) -> None:
    options = {"clientId": "service", "clientSecret": "service-secret", "scope": "mcp:read", "expectedIssuer": issuer}
    credentials = {"kind": "ClientCredentialsProvider", "options": options}
    assert text(program.ask(call="whoami", server=server, credentials=credentials)) == "service: mcp:read"


def test_a_client_with_a_document_needs_no_registration(
    sdk: str, browser: Browser, server: str, seen: Callable[[], list[str]]
) -> None:
    document = "https://claude.ai/oauth/claude-code-client-metadata"
    with conversing(application(sdk, document), browser.authorize) as program:
        answer = program.ask(call="whoami", server=server)
    assert text(answer).startswith("alice: mcp:read")
    assert answer["client_id"] == document
    assert "register 201" not in seen()


def test_several_clients_at_once_get_along(sdk: str, server: str) -> None:
    def loop(_: int) -> str:
        browser = Browser(stop=REDIRECT_URI)
        with conversing(application(sdk), browser.authorize) as program:
            found = text(program.ask(call="whoami", server=server))
        browser.close()
        return found

    with ThreadPoolExecutor(4) as pool:
        assert all(found.startswith("alice: mcp:read") for found in pool.map(loop, range(4)))
