"""What an HTTP request asks the MCP server for, read before it reaches the server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Receive

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One ``tools/call``."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict)


async def body_of(receive: Receive) -> bytes | None:
    """The whole body; ``None`` where it is too long or the client has gone."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BYTES:
            return None
    return body


def replay(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives the body once more, and then what the client sends."""
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return unread.pop() if unread else await receive()

    return receive_again


def methods(body: bytes) -> list[str]:
    """The JSON-RPC method of each message; empty where the body is something else."""
    return [str(message.get("method", "")) for message in _messages(body)]


def tool_calls(body: bytes) -> Sequence[ToolCall]:
    calls = (message.get("params") for message in _messages(body) if message.get("method") == "tools/call")
    return [_call(params) for params in calls]


def _call(params: object) -> ToolCall:
    params = params if isinstance(params, dict) else {}
    arguments = params.get("arguments")
    return ToolCall(str(params.get("name", "")), arguments if isinstance(arguments, dict) else {})


def _messages(body: bytes) -> list[dict[str, Any]]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return [each for each in (content if isinstance(content, list) else [content]) if isinstance(each, dict)]
