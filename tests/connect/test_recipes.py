"""What ``devidp connect`` prints can be pasted and run as it stands."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import TextContent

from devidp.cli.connect import command
from devidp.connect import CLIENTS, Target
from devidp.server.local import DevIdP
from devidp.tools.demo.app import create_app
from devidp.tools.demo.settings import Settings, TrustedIssuer
from tests.connect.snippets import snippet_of
from tests.connect.walking import walk
from tests.real_clients.asgi import asgi_served
from tests.real_clients.node import FOLDER, with_packages

DOCUMENT = Path(__file__).parents[2] / "docs" / "connect.md"
AWKWARD = Target("http://localhost:8000/mcp?a=b&c=$HOME'\"", "my server")


def connect(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


@pytest.mark.parametrize("client", CLIENTS)
def test_every_snippet_names_the_server_and_parses(client: str) -> None:
    snippets = CLIENTS[client].snippets(AWKWARD)
    assert snippets
    for snippet in snippets:
        if snippet.kind == "json":
            assert AWKWARD.url in _leaves(json.loads(snippet.text))
        else:
            subprocess.run(["sh", "-n"], input=snippet.text, text=True, check=True)


@pytest.mark.parametrize("client", CLIENTS)
def test_the_command_prints_what_is_documented(client: str) -> None:
    printed = connect(client)
    assert printed.exit_code == 0
    assert "http://localhost:8000/mcp" in printed.output
    assert f"`{client}`" in DOCUMENT.read_text(encoding="utf-8")


def test_the_recipe_of_a_cloud_client_says_that_it_cannot_reach_this_machine() -> None:
    assert "NOTE ChatGPT calls from its vendor's cloud" in connect("chatgpt").output
    assert "NOTE" not in connect("chatgpt", "--url", "https://mcp.example/mcp").output


def test_a_server_with_a_certificate_of_ones_own_is_to_be_trusted() -> None:
    printed = connect("claude-code", "--url", "https://localhost:8000/mcp").output
    assert "NOTE Claude Code has to trust the certificate of https://localhost:8000/mcp" in printed
    assert "NODE_EXTRA_CA_CERTS" in printed
    assert "NODE_EXTRA_CA_CERTS" not in connect("claude-code", "--url", "https://mcp.example/mcp").output
    assert "NODE_EXTRA_CA_CERTS" not in connect("chatgpt", "--url", "https://localhost:8000/mcp").output


def test_a_misspelt_client_or_an_invalid_url_is_refused_with_what_is_expected() -> None:
    assert "Did you mean 'claude-code'?" in connect("claude-cod").output
    assert "Did you mean 'http://localhost:8000'" in connect("curl", "--url", "localhost:8000").output


@pytest.mark.slow
def test_the_walk_with_curl_ends_with_the_tools(tmp_path: Path) -> None:
    with DevIdP() as idp:
        trusted = (TrustedIssuer(url=idp.issuer),)
        served = asgi_served(
            lambda base_url: create_app(Settings(resource=f"{base_url}/mcp", issuers=trusted), idp.clock.now)
        )
        with served as base_url:
            printed = connect("curl", "--url", f"{base_url}/mcp").output
            assert walk(printed, tmp_path) == {
                "get_server_time", "read_user_data", "recall", "search", "status", "who_am_i"
            }  # fmt: skip


@pytest.mark.slow
def test_the_entry_of_claude_desktop_brings_its_bridge_to_a_tool(demo: str, tmp_path: Path) -> None:
    entry = json.loads(snippet_of("claude-desktop", Target(demo, "devidp"), "json"))["mcpServers"]["devidp"]
    bridge = StdioServerParameters(**entry, env=with_packages(tmp_path), cwd=FOLDER)

    async def called() -> object:
        async with Client(stdio_client(bridge)) as client:
            return (await client.call_tool("status")).content[0]

    assert asyncio.run(called()) == TextContent(text="0 entries")


def _leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    return [leaf for each in value for leaf in _leaves(each)] if isinstance(value, list) else [str(value)]
