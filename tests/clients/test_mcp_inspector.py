"""MCP Inspector's command line: it opens a browser, and keeps its tokens in files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.clients.asgi import asgi_served
from tests.clients.mcp_server import protected_server
from tests.clients.node import package, with_browser

pytestmark = pytest.mark.slow
LIFETIME = 3600
INSPECTOR = ("@modelcontextprotocol", "inspector", "clients", "launcher", "build", "index.js")
CALL = ["--method", "tools/call", "--format", "json", "--tool-name"]


@pytest.fixture
def server(issuer: str) -> Iterator[str]:
    with asgi_served(partial(protected_server, issuer)) as base_url:
        yield f"{base_url}/mcp"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**with_browser(tmp_path), "MCP_AUTO_OPEN_ENABLED": "true", "MCP_INSPECTOR_SECRET_STORE": "file"}


def call(server: str, environment: dict[str, str], tool: str = "whoami", *arguments: str) -> str:
    given = ["--tool-arg", *arguments] if arguments else []
    command = [*package(*INSPECTOR), "--cli", server, *CALL, tool, *given]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return str(answer["result"]["content"][0]["text"])


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
