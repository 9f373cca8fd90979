"""FastMCP's client and server: it opens a browser and listens for the answer on a port of its own choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.real_clients.program import BROWSER, Program, running

pytestmark = pytest.mark.slow
LIFETIME = 3600
LOGIN = ["authorize 200", "authorize 200", "login 200", "consent 303", "token 200"]
"""It looks at the authorization page itself before it opens the browser."""


@pytest.fixture
def program() -> Iterator[Program]:
    with running(".venv-fastmcp", "tests.real_clients.programs.fastmcp4", BROWSER=BROWSER) as started:
        yield started


@pytest.fixture
def server(program: Program, issuer: str) -> str:
    return str(program.ask(serve=issuer)["server"])


def test_the_whole_loop(
    program: Program, server: str, seen: Callable[[], list[str]], let_pass: Callable[[float], None]
) -> None:
    assert program.ask(call="whoami", server=server) == {"text": "alice: mcp:read offline_access"}
    assert seen() == ["oauth-authorization-server 200", "register 201", *LOGIN, "jwks 200"]
    let_pass(LIFETIME + 1)
    program.ask(let_pass=LIFETIME + 1)
    assert program.ask(call="whoami", server=server) == {"text": "alice: mcp:read offline_access"}
    assert seen()[0] == "token 200"


def test_a_client_that_devidp_has_forgotten_registers_again(
    program: Program, server: str, seen: Callable[[], list[str]]
) -> None:
    program.ask(remember="registered with a devidp that kept it in memory", server=server)
    assert program.ask(call="whoami", server=server) == {"text": "alice: mcp:read offline_access"}
    assert seen()[:3] == ["oauth-authorization-server 200", "authorize 400", "oauth-authorization-server 200"]


def test_a_tool_that_needs_a_further_scope_takes_one_more_consent(program: Program, demo: str) -> None:
    entry = {"key": "a", "text": "b"}
    assert program.ask(call="status", server=demo) == {"text": "0 entries"}
    assert program.ask(call="store", server=demo, arguments=entry) == {"text": "stored"}
    assert program.ask(call="recall", server=demo, arguments={"key": "a"}) == {"text": "b"}
