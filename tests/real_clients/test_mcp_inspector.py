"""MCP Inspector's command line: it opens a browser, and keeps its tokens in files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.real_clients.asgi import asgi_served
from tests.real_clients.inspector import call, environment_at
from tests.real_clients.mcp_server import protected_server

pytestmark = pytest.mark.slow
LIFETIME = 3600


@pytest.fixture
def server(issuer: str) -> Iterator[str]:
    with asgi_served(partial(protected_server, issuer)) as base_url:
        yield f"{base_url}/mcp"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return environment_at(tmp_path)


def test_the_whole_loop(
    server: str, environment: dict[str, str], seen: Callable[[], list[str]], let_pass: Callable[[float], None]
) -> None:
    assert call(server, environment) == "alice: mcp:read offline_access"
    assert {"register 201", "consent 303", "token 200"} <= set(seen())
    let_pass(LIFETIME + 1)
    assert call(server, environment) == "alice: mcp:read offline_access"
    assert [each for each in seen() if each.startswith(("token", "authorize", "register"))] == ["token 200"]


def test_at_the_demo_it_asks_for_every_scope_at_once(demo: str, environment: dict[str, str]) -> None:
    assert call(demo, environment, "status") == "0 entries"
    assert call(demo, environment, "store", "key=a", "text=b") == "stored"
    assert call(demo, environment, "recall", "key=a") == "b"
