"""The authsec SDK, unchanged: what its runtime says of tokens that come for a tool, and an MCP server behind it."""

# mypy: ignore-errors
from __future__ import annotations

import asyncio
import contextlib
from functools import partial

from authsec_sdk.runtime import Config, PolicyMode, Runtime, ValidationMode, mount_mcp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.real_clients.asgi import asgi_served
from tests.real_clients.programs import lines

TOOLS = {"echo": ["mcp:read"], "store": ["mcp:write"]}


def configuration(mode: str, tool_scopes: dict[str, list[str]], **settings: str) -> Config:
    return Config(
        **settings, validation_mode=ValidationMode(mode), policy_mode=PolicyMode.LOCAL_ONLY, tool_scopes=tool_scopes
    )


async def verdicts(tokens: list[str], config: Config) -> list[str]:
    """For each token the reason of the refusal, or an empty text."""
    runtime = await Runtime.create(config)
    results = [await runtime.authorize(token, next(iter(config.tool_scopes))) for token in tokens]
    return ["" if result.allowed else result.denial.code for result in results]


async def mcp(request: Request) -> Response:
    """The MCP server of a team of its own, which the SDK is mounted before: the three methods that a client needs."""
    message = await request.json()
    match message.get("method"):
        case "initialize":
            result = {
                "protocolVersion": message["params"]["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "echo", "version": "1"},
            }
        case "tools/list":
            result = {"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in TOOLS]}
        case "tools/call":
            result = {"content": [{"type": "text", "text": "done"}]}
        case _:
            return Response(status_code=202)
    return JSONResponse({"jsonrpc": "2.0", "id": message.get("id"), "result": result})


def protected_server(base_url: str, mode: str, settings: dict[str, str]) -> Starlette:
    app = Starlette()
    mount_mcp(app, "/mcp", mcp, configuration(mode, TOOLS, resource_uri=f"{base_url}/mcp", **settings))
    return app


def main() -> None:
    with contextlib.ExitStack() as serving:
        for command in lines.commands():
            match command:
                case {"serve": mode, "settings": settings}:
                    make = partial(protected_server, mode=mode, settings=settings)
                    lines.answer(server=f"{serving.enter_context(asgi_served(make))}/mcp")
                case {"tokens": tokens, "mode": mode, "tool_scopes": tool_scopes, **settings}:
                    config = configuration(mode, tool_scopes, **settings)
                    lines.answer(verdicts=asyncio.run(verdicts(tokens, config)))


if __name__ == "__main__":
    main()
