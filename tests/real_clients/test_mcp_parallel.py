"""Different clients and users at one devidp at once: everybody gets what is theirs, at the login and at the refresh."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import pytest

from tests.flow import REDIRECT_URI
from tests.real_clients.asgi import asgi_served
from tests.real_clients.browser import Browser
from tests.real_clients.mcp_client import Application
from tests.real_clients.mcp_server import protected_server
from tests.real_clients.node import application
from tests.real_clients.program import Program, conversing, running

pytestmark = pytest.mark.slow
LIFETIME = 3600
USERS = ["alice", "bob"]
Person = Callable[[str], str]


@pytest.fixture
def server(issuer: str) -> Iterator[str]:
    with asgi_served(partial(protected_server, issuer)) as base_url:
        yield f"{base_url}/mcp"


class Started:
    """A client that runs, and whose it is."""

    def __init__(self, username: str, call: Callable[[], str], let_pass: Callable[[float], None]) -> None:
        self.username = username
        self.call = call
        self.let_pass = let_pass

    def whose(self) -> str:
        return self.call().partition(":")[0]


def of_programs(username: str, program: Program, server: str) -> Started:
    def call() -> str:
        answer = program.ask(call="whoami", server=server)
        return str(answer.get("text", answer))

    def let_pass(seconds: float) -> None:
        program.ask(let_pass=seconds)

    return Started(username, call, let_pass)


@pytest.fixture
def started(server: str) -> Iterator[list[Started]]:
    """Two of each SDK, for two users."""
    with ExitStack() as stack:
        found: list[Started] = []
        for username in USERS:
            for name in ("@modelcontextprotocol/sdk", "@modelcontextprotocol/client"):
                program = conversing(application(name), person(stack, username))
                found.append(of_programs(username, stack.enter_context(program), server))
            old = running(".venv-mcp1", "tests.real_clients.programs.mcp1", person(stack, username))
            found.append(of_programs(username, stack.enter_context(old), server))
            new = Application(server, person(stack, username))
            found.append(Started(username, partial(new.call, "whoami"), lambda _: None))
        yield found


def person(stack: ExitStack, username: str) -> Person:
    """Somebody at a browser of their own."""
    browser = Browser(stop=REDIRECT_URI)
    stack.callback(browser.close)
    return partial(browser.authorize, username=username)


def test_nothing_is_mixed_up(
    started: list[Started], seen: Callable[[], list[str]], let_pass: Callable[[float], None]
) -> None:
    users = [each.username for each in started]
    with ThreadPoolExecutor(len(started)) as pool:
        assert list(pool.map(Started.whose, started)) == users
        assert seen().count("consent 303") == len(started)
        let_pass(LIFETIME + 1)
        for each in started:
            each.let_pass(LIFETIME + 1)
        assert list(pool.map(Started.whose, started)) == users
    steps = [step for step in seen() if step.startswith(("authorize", "register", "token"))]
    assert steps == ["token 200"] * len(started)
