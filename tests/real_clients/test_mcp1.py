"""The MCP Python SDK 1.x: client and server, with each other and with the newest one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.real_clients.asgi import asgi_served
from tests.real_clients.browser import Browser
from tests.real_clients.mcp_client import Application
from tests.real_clients.mcp_server import protected_server
from tests.real_clients.program import Program, running

pytestmark = pytest.mark.slow
LIFETIME = 3600


@pytest.fixture
def program(browser: Browser) -> Iterator[Program]:
    with running(".venv-mcp1", "tests.real_clients.programs.mcp1", browser.authorize) as started:
        yield started


@pytest.fixture
def server(program: Program, issuer: str) -> str:
    """A protected server of the old SDK."""
    return str(program.ask(serve=issuer)["server"])


def test_the_old_client_goes_through_the_whole_loop_with_the_old_server(
    program: Program, server: str, seen: Callable[[], list[str]], let_pass: Callable[[float], None]
) -> None:
    seen()
    assert program.ask(call="whoami", server=server) == {"text": "alice: mcp:read"}
    assert seen() == [
        "oauth-authorization-server 200",
        "register 201",
        "authorize 200",
        "login 200",
        "consent 303",
        "token 200",
        "jwks 200",
    ]
    let_pass(LIFETIME + 1)
    program.ask(let_pass=LIFETIME + 1)
    assert program.ask(call="whoami", server=server) == {"text": "alice: mcp:read"}
    assert seen()[0] == "token 200"


def test_the_old_client_works_with_the_new_server(program: Program, issuer: str) -> None:
    with asgi_served(partial(protected_server, issuer)) as base_url:
        assert program.ask(call="whoami", server=f"{base_url}/mcp") == {"text": "alice: mcp:read"}


def test_the_new_client_works_with_the_old_server(server: str, browser: Browser) -> None:
    assert Application(server, browser.authorize).call("whoami") == "alice: mcp:read offline_access"
