"""Step-up with the MCP SDKs: a tool that needs a further scope is called, and the tools before it still work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.real_clients.asgi import asgi_served
from tests.real_clients.browser import Browser
from tests.real_clients.mcp_client import Application
from tests.real_clients.node import application
from tests.real_clients.per_operation import per_operation_server
from tests.real_clients.program import Program, conversing, running

pytestmark = pytest.mark.slow
Call = Callable[..., str]
SDKS = ["mcp 2", "mcp 1", "@modelcontextprotocol/sdk", "@modelcontextprotocol/client"]

METADATA = {"@modelcontextprotocol/sdk": {"grant_types": ["authorization_code"]}}
"""With a refresh token this SDK refreshes, gets the scopes that it had, and gives up."""


class Person:
    """Who logs in, and counts how often."""

    def __init__(self, browser: Browser) -> None:
        self.asked: list[str] = []
        self._browser = browser

    def authorize(self, address: str) -> str:
        self.asked.append(address)
        return self._browser.authorize(address)


@pytest.fixture
def person(browser: Browser) -> Person:
    return Person(browser)


@pytest.fixture(params=SDKS)
def calling(request: pytest.FixtureRequest, person: Person) -> Iterator[Callable[[str], Call]]:
    """What makes the function that calls tools of a server, with each SDK."""
    name = str(request.param)
    with ExitStack() as stack:
        if name == "mcp 2":
            yield lambda server: Application(server, person.authorize).call
        elif name == "mcp 1":
            program = running(".venv-mcp1", "tests.real_clients.programs.mcp1", person.authorize)
            yield partial(_through, stack.enter_context(program))
        else:
            program = conversing(application(name), person.authorize)
            yield partial(_through, stack.enter_context(program), metadata=METADATA.get(name))


def _through(program: Program, server: str, metadata: dict[str, Any] | None = None) -> Call:
    def call(tool: str, **arguments: str) -> str:
        answer = program.ask(call=tool, server=server, arguments=arguments, metadata=metadata)
        assert "text" in answer, answer
        return str(answer["text"])

    return call


def test_at_the_demo_a_further_tool_takes_one_more_consent(
    demo: str, calling: Callable[[str], Call], person: Person
) -> None:
    call = calling(demo)
    assert call("status") == "0 entries"
    assert len(person.asked) == 1
    assert call("store", key="a", text="b") == "stored"
    assert len(person.asked) == 2
    assert call("recall", key="a") == "b"
    assert call("forget", key="a") == "forgotten"
    assert len(person.asked) == 2


@pytest.fixture
def per_operation(issuer: str) -> Iterator[str]:
    with asgi_served(partial(per_operation_server, issuer)) as base_url:
        yield f"{base_url}/mcp"


def test_at_a_server_that_names_only_what_is_missing_the_tools_before_still_work(
    per_operation: str, calling: Callable[[str], Call], person: Person
) -> None:
    call = calling(per_operation)
    assert "mcp:write" not in call("whoami")
    assert {"mcp:read", "mcp:write"} <= set(call("change").split())
    assert {"mcp:read", "mcp:write"} <= set(call("whoami").split())
    assert len(person.asked) == 2
    assert "mcp:write" in parse_qs(urlsplit(person.asked[1]).query)["scope"][0]
