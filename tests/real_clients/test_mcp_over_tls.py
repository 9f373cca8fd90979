"""MCP clients over https: they trust devidp's local CA by the variables that its banner names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.stdio import stdio_client

from tests.flow import REDIRECT_URI
from tests.real_clients import bridge, inspector
from tests.real_clients.browser import Browser
from tests.real_clients.mcp_client import Application
from tests.real_clients.node import application
from tests.real_clients.program import BROWSER, Program, conversing, running
from tests.real_clients.secure import Secure, trusting
from tests.tools.demo.running import demo_running, mcp_server

pytestmark = pytest.mark.slow
LIFETIME = 3600
Passing = Callable[[float], None]


@pytest.fixture
def time_passes(secure: Secure, let_pass: Passing) -> Passing:
    """For this process, and for devidp, which is another one."""

    def pass_(seconds: float) -> None:
        let_pass(seconds)
        secure.told("clock", "advance", f"{seconds:.0f}s")

    return pass_


@pytest.fixture
def person(secure: Secure) -> Iterator[Browser]:
    opened = Browser(stop=REDIRECT_URI)
    yield opened
    opened.close()


def loop(secure: Secure, call: Callable[[], str], time_passes: Passing) -> None:
    """Log in and call a tool; when the token has ended, refresh it and call again."""
    assert secure.server.startswith("https:")
    assert call().startswith("alice: mcp:read")
    assert {"authorize", "token"} <= set(secure.steps())
    before = len(secure.steps())
    time_passes(LIFETIME + 1)
    assert call().startswith("alice: mcp:read")
    assert secure.steps()[before:] == ["token"]


def through(program: Program, server: str) -> Callable[[], str]:
    return lambda: str(program.ask(call="whoami", server=server).get("text"))


def test_the_newest_python_sdk(secure: Secure, person: Browser, time_passes: Passing) -> None:
    loop(secure, partial(Application(secure.server, person.authorize).call, "whoami"), time_passes)


@pytest.mark.parametrize("sdk", ["@modelcontextprotocol/sdk", "@modelcontextprotocol/client"])
def test_the_typescript_sdks(sdk: str, secure: Secure, person: Browser, time_passes: Passing) -> None:
    with conversing(application(sdk), person.authorize) as program:
        loop(secure, through(program, secure.server), time_passes)


@pytest.mark.parametrize(
    ("environment", "module"),
    [(".venv-mcp1", "tests.real_clients.programs.mcp1"), (".venv-fastmcp", "tests.real_clients.programs.fastmcp4")],
)
def test_clients_of_other_environments(
    environment: str, module: str, secure: Secure, person: Browser, time_passes: Passing
) -> None:
    with running(environment, module, person.authorize, BROWSER=BROWSER) as program:

        def both(seconds: float) -> None:
            time_passes(seconds)
            program.ask(let_pass=seconds)

        loop(secure, through(program, secure.server), both)


def test_mcp_remote(secure: Secure, tmp_path: Path, time_passes: Passing) -> None:
    async def calling() -> None:
        async with Client(stdio_client(bridge.bridge_to(secure.server, tmp_path))) as client:
            assert (await bridge.call(client)).startswith("alice: mcp:read")
            before = len(secure.steps())
            time_passes(LIFETIME + 1)
            assert (await bridge.call(client)).startswith("alice: mcp:read")
            assert secure.steps()[before:] == ["token"]

    asyncio.run(calling())


def test_inspector(secure: Secure, tmp_path: Path, time_passes: Passing) -> None:
    environment = inspector.environment_at(tmp_path)
    loop(secure, lambda: inspector.call(secure.server, environment), time_passes)


def test_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with demo_running(tmp_path, "--tls") as demo:
        server = mcp_server(demo)
        assert server.startswith("https://localhost:")
        with trusting(tmp_path / "data" / "tls" / "ca.pem", monkeypatch):
            browser = Browser(stop=REDIRECT_URI)
            assert Application(server, browser.authorize).call("status") == "0 entries"
            browser.close()
