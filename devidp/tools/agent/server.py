"""The MCP server: the tools over standard input and output."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ShownTool

from devidp import __version__
from devidp.oauth.errors import OAuthError
from devidp.tools.agent import more, operations
from devidp.tools.agent.tool import Tool
from devidp.web.api_client import ApiClient, ApiError, Unreachable

INSTRUCTIONS = """devidp is an OAuth 2.1 and OpenID Connect provider for development. Use it to test a server or a
client: mint sound and faulty tokens (list_token_faults, mint_token), spoil the next answers of an endpoint
(list_endpoint_failures, arm_endpoint_failure), see what clients did and why they were refused (find_events), move the
clock (set_clock), and find out what a server wrongly accepts (probe_server). What is armed or changed stays until it is
used up or reset."""
START = "Start one with `devidp serve`, or give this server its own with `devidp mcp --seed FILE`"


def tools() -> dict[str, Tool]:
    """Every tool, by its name."""
    return {each.name: each for each in (*operations.tools(), *more.tools())}


def run(opened: Callable[[], AbstractContextManager[ApiClient]]) -> None:
    """Serve until the client ends it; ``opened`` gives the devidp that is controlled."""
    with opened() as api:
        anyio.run(partial(_serve, api))


async def _serve(api: ApiClient) -> None:
    server = _server(api)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def _server(api: ApiClient) -> Server[dict[str, Any]]:
    known = tools()

    async def list_tools(_: Any, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=list(map(_shown, known.values())))

    async def call_tool(_: Any, params: CallToolRequestParams) -> CallToolResult:
        # in a thread: the client may ask for something else meanwhile
        return await anyio.to_thread.run_sync(_call, api, known.get(params.name), params)

    return Server(
        "devidp", version=__version__, instructions=INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool
    )


def _shown(tool: Tool) -> ShownTool:
    hints = ToolAnnotations(
        read_only_hint=not tool.changes,
        destructive_hint=tool.destroys,
        open_world_hint=False,
    )
    return ShownTool(name=tool.name, description=tool.description, input_schema=dict(tool.schema), annotations=hints)


def _call(api: ApiClient, tool: Tool | None, params: CallToolRequestParams) -> CallToolResult:
    """What went wrong is the result too: the assistant reads it, and calls again."""
    if tool is None:
        return _failed(f"There is no tool {params.name!r}; tools/list names them")
    try:
        result = tool.run(api, params.arguments or {})
    except Unreachable as error:
        return _failed(f"{error}. {START}")
    except ApiError as error:
        return _failed(str(error))
    except OAuthError as error:
        error.section = ""  # no specification has these arguments
        return _failed(error.description)
    text = json.dumps(result, indent=2)
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=result)


def _failed(reason: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=reason)], is_error=True)
