"""MCP clients over https: they trust devidp's own authority by the variables that its banner names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.cli.running import Running
from tests.clients.asgi import asgi_served
from tests.clients.browser import Browser
from tests.clients.mcp_client import Application
from tests.clients.mcp_server import protected_server
from tests.clients.node import application
from tests.clients.program import conversing
from tests.flow import REDIRECT_URI

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a protected server whose issuer is https; this process and what it starts trust the authority."""
    ready = tmp_path / "ready.json"
    devidp = Running(tmp_path, "--tls", "--port", "0", "--memory", "--ready-file", str(ready))
    issuer = devidp.issuer()
    authority = json.loads(ready.read_text())["ca_file"]
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", authority)
    with asgi_served(partial(protected_server, issuer)) as base_url:
        yield f"{base_url}/mcp"
    devidp.end()
    devidp.kill()


@pytest.fixture
def person(server: str) -> Iterator[Browser]:
    opened = Browser(stop=REDIRECT_URI)
    yield opened
    opened.close()


@pytest.mark.parametrize("sdk", ["@modelcontextprotocol/sdk", "@modelcontextprotocol/client"])
def test_the_typescript_sdks_call_a_tool(sdk: str, server: str, person: Browser) -> None:
    with conversing(application(sdk), person.authorize) as program:
        answer = program.ask(call="whoami", server=server)
    assert str(answer.get("text")).startswith("alice: mcp:read"), answer


def test_the_python_sdk_calls_a_tool(server: str, person: Browser) -> None:
    assert Application(server, person.authorize).call("whoami").startswith("alice: mcp:read")
