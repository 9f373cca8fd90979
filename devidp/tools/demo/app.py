"""Where the parts meet: the MCP endpoint behind the gate, and the metadata that leads clients to the issuer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
)
from mcp_types import Tool as ShownTool
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from devidp.tools.demo.gate import CALLER, Gate
from devidp.tools.demo.permissions import Permissions, load
from devidp.tools.demo.refusal import Refused
from devidp.tools.demo.settings import Now, Settings
from devidp.tools.demo.tools import TOOLS, Memory
from devidp.tools.demo.verifier import Verifier

PREFIX = "/.well-known/oauth-protected-resource"
CORS = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["GET", "POST", "DELETE"],
    allow_headers=["*"],
    expose_headers=["WWW-Authenticate", "Mcp-Session-Id"],
)


def create_app(settings: Settings, now: Now) -> Starlette:
    """The whole server; its own URL is ``settings.resource``. Raises ValueError for a tools.yaml with mistakes."""
    verifier = Verifier(settings, now)
    permissions = load(settings.owners)
    parts = urlsplit(settings.resource)
    # RFC 9728 section 3.1: the well-known part stands before the path of the resource
    metadata_path = f"{PREFIX}{parts.path.rstrip('/')}"
    inner = _mcp_server(permissions, now).streamable_http_app(
        streamable_http_path=parts.path or "/", stateless_http=True, json_response=True
    )
    gate = Gate(inner, verifier, permissions, parts._replace(path=metadata_path).geturl())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with inner.router.lifespan_context(inner):
            yield
        verifier.close()

    async def metadata(_: Request) -> JSONResponse:
        return JSONResponse(_metadata(settings, permissions), headers={"Cache-Control": "max-age=60"})

    routes = [Route(metadata_path, metadata), Mount("/", gate)]
    return Starlette(routes=routes, middleware=[CORS], lifespan=lifespan)


def _metadata(settings: Settings, permissions: Permissions) -> dict[str, Any]:
    return {
        "resource": settings.resource,
        "resource_name": "devidp demo",
        "authorization_servers": [issuer.url for issuer in settings.issuers],
        "scopes_supported": permissions.scopes,
        "bearer_methods_supported": ["header"],
    }


def _mcp_server(permissions: Permissions, now: Now) -> Server[dict[str, Any]]:
    memory = Memory(now)

    async def list_tools(context: Any, _: PaginatedRequestParams | None) -> ListToolsResult:
        caller = context.request.scope[CALLER]
        shown = [
            ShownTool(name=name, description=tool.description, input_schema=tool.schema)
            for name, tool in TOOLS.items()
            if permissions.visible(name, caller)
        ]
        return ListToolsResult(tools=shown)

    async def call_tool(context: Any, params: CallToolRequestParams) -> CallToolResult:
        caller, arguments = context.request.scope[CALLER], params.arguments or {}
        try:
            # the gate has read the same bytes, with another parser: what counts is what is called
            permissions.check(params.name, arguments, caller)
        except Refused as refused:
            raise MCPError(INVALID_PARAMS, refused.description) from refused
        tool = TOOLS[params.name]
        missing = [name for name in tool.arguments if not isinstance(arguments.get(name), str)]
        if missing:
            raise MCPError(INVALID_PARAMS, f"{params.name} needs a string: {', '.join(missing)}")
        return CallToolResult(content=[TextContent(type="text", text=tool.run(memory, caller, arguments))])

    return Server("devidp-demo", on_list_tools=list_tools, on_call_tool=call_tool)
