"""An MCP server that names in a refusal only the scope that is missing, as the specification allows."""

from __future__ import annotations

import json

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.flow import payload
from tests.real_clients.mcp_server import protected_server, whoami

NEEDED = {"change": "mcp:write"}


class PerOperation:
    """Stands before a server that looks at the rest of the token."""

    def __init__(self, app: ASGIApp, metadata: str) -> None:
        self._app = app
        self._metadata = metadata

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        missing = self._missing(request.headers.get("Authorization", ""), body)
        if missing:
            challenge = f'Bearer error="insufficient_scope", scope="{missing}", resource_metadata="{self._metadata}"'
            await Response(status_code=403, headers={"WWW-Authenticate": challenge})(scope, receive, send)
            return
        await self._app(scope, Again(body, receive), send)

    @staticmethod
    def _missing(authorization: str, body: bytes) -> str:
        message = json.loads(body)
        if not authorization or message["method"] != "tools/call":
            return ""
        needed = NEEDED.get(message["params"]["name"], "")
        held = payload(authorization.removeprefix("Bearer "))["scope"]
        return "" if needed in held else needed


class Again:
    """The body once more, and then what else comes."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._bodies = [body]
        self._receive = receive

    async def __call__(self) -> dict[str, object]:
        if self._bodies:
            return {"type": "http.request", "body": self._bodies.pop(), "more_body": False}
        return dict(await self._receive())


def per_operation_server(issuer: str, base_url: str) -> Starlette:
    """``change`` needs ``mcp:write``, and everything ``mcp:read``; both tools say what the token may do."""
    server = protected_server(issuer, base_url, tools={"whoami": whoami, "change": whoami})
    server.add_middleware(PerOperation, metadata=f"{base_url}/.well-known/oauth-protected-resource/mcp")
    return server
