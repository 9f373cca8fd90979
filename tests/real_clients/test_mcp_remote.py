"""mcp-remote, the bridge of Claude Desktop: it speaks stdio to its host, and logs in at the server by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.real_clients.asgi import asgi_served
from tests.real_clients.bridge import bridge_to, call
from tests.real_clients.mcp_server import protected_server

pytestmark = pytest.mark.slow
LIFETIME = 3600


@pytest.fixture
def server(issuer: str) -> Iterator[str]:
    with asgi_served(partial(protected_server, issuer)) as base_url:
        yield f"{base_url}/mcp"


@pytest.fixture
def bridge(server: str, tmp_path: Path) -> StdioServerParameters:
    return bridge_to(server, tmp_path)


def test_the_whole_loop(
    bridge: StdioServerParameters, seen: Callable[[], list[str]], let_pass: Callable[[float], None]
) -> None:
    async def loop() -> None:
        async with Client(stdio_client(bridge)) as client:
            assert await call(client) == "alice: mcp:read offline_access"
            assert {"register 201", "consent 303", "token 200"} <= set(seen())
            let_pass(LIFETIME + 1)
            assert await call(client) == "alice: mcp:read offline_access"
            assert [each for each in seen() if each.startswith(("token", "authorize"))] == ["token 200"]

    asyncio.run(loop())


def test_it_keeps_its_tokens_for_the_next_start(
    bridge: StdioServerParameters, seen: Callable[[], list[str]], let_pass: Callable[[float], None]
) -> None:
    async def start() -> str:
        async with Client(stdio_client(bridge)) as client:
            return await call(client)

    assert asyncio.run(start()).startswith("alice")
    seen()
    let_pass(LIFETIME + 1)
    assert asyncio.run(start()).startswith("alice")
    assert [each for each in seen() if each.startswith(("token", "authorize", "register"))] == ["token 200"]


def test_a_tool_that_needs_a_further_scope_takes_one_more_consent(demo: str, tmp_path: Path) -> None:
    async def loop() -> None:
        async with Client(stdio_client(bridge_to(demo, tmp_path))) as client:
            assert await call(client, "status") == "0 entries"
            assert await call(client, "store", key="a", text="b") == "stored"
            assert await call(client, "recall", key="a") == "b"

    asyncio.run(loop())
