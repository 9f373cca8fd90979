"""The gate in front of the MCP endpoint: no request passes without a caller who may do what it asks for."""

from __future__ import annotations

import re

from anyio.to_thread import run_sync
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from devidp.tools.demo import audit, messages
from devidp.tools.demo.caller import Caller
from devidp.tools.demo.messages import ToolCall
from devidp.tools.demo.permissions import Permissions
from devidp.tools.demo.refusal import InvalidToken, NoToken, Refused, response_to
from devidp.tools.demo.verifier import Verifier

CALLER = "devidp.tools.demo.caller"
"""The key of the caller in the ASGI scope behind the gate."""
_BEARER = re.compile(rb"bearer +([A-Za-z0-9\-._~+/]+=*) *", re.IGNORECASE)


class Gate:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, verifier: Verifier, permissions: Permissions, metadata_url: str) -> None:
        self._app = app
        self._verifier = verifier
        self._permissions = permissions
        self._metadata_url = metadata_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await messages.body_of(receive)
        if body is None:
            await PlainTextResponse("The request is too long", 413)(scope, receive, send)
            return
        calls = messages.tool_calls(body)
        caller: Caller | None = None
        try:
            caller = await self._caller(scope, body)
            for call in calls:
                self._permissions.check(call.tool, call.arguments, caller)
        except Refused as refused:
            audit.log(calls or [ToolCall("-")], caller, refused)
            response = response_to(refused, self._metadata_url, self._permissions.scopes[0])
            await response(scope, receive, send)
            return
        audit.log(calls, caller)
        await self._app({**scope, CALLER: caller}, messages.replay(body, receive), send)

    async def _caller(self, scope: Scope, body: bytes) -> Caller | None:
        """``None`` where nothing but public tools is called; raises Refused."""
        token = bearer_token([value for name, value in scope["headers"] if name == b"authorization"])
        if token is not None:
            return await run_sync(self._verifier.verify, token)
        calls = messages.tool_calls(body)
        only_calls = bool(calls) and len(messages.methods(body)) == len(calls)
        if only_calls and all(self._permissions.is_public(call.tool) for call in calls):
            return None
        raise NoToken("Send a token in the Authorization header")


def bearer_token(headers: list[bytes]) -> str | None:
    """The token of the Authorization header, from where alone it is taken (RFC 9700 section 4.3.2)."""
    if not headers:
        return None
    found = _BEARER.fullmatch(headers[0])
    if len(headers) > 1 or found is None:
        raise InvalidToken("The Authorization header is not one Bearer token")
    return found[1].decode("ascii")
