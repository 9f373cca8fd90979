"""mcp-remote, and a host that calls tools through it."""

from __future__ import annotations

from pathlib import Path

from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import TextContent

from tests.real_clients.node import package, with_browser


def bridge_to(server: str, home: Path) -> StdioServerParameters:
    program, *arguments = package("mcp-remote", "dist", "proxy.js")
    return StdioServerParameters(command=program, args=[*arguments, server], env=with_browser(home))


async def call(client: Client, tool: str = "whoami", **arguments: str) -> str:
    content = (await client.call_tool(tool, arguments)).content[0]
    assert isinstance(content, TextContent)
    return content.text
