"""The greeting of an MCP server, without which it answers nothing else (Streamable HTTP)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from devidp.probe import call, stream
from devidp.probe.exchange import Answer, Headers, Request

NONE = "the target is no MCP server"
SESSION = "Mcp-Session-Id"
SESSION_ENDED = (400, 404)
"""What a server answers to a session that it does not have any more."""
Send = Callable[[Request], Answer]


def greet(url: str, token: str | None, send: Send) -> tuple[Headers, Answer]:
    """Headers of every request that follows, and the answer to ``initialize``."""
    authorization = () if token is None else (f"Bearer {token}",)
    answer = send(call.initialize(url).request(authorization))
    result = reply(answer).get("result")
    if not isinstance(result, dict):
        return (), answer
    headers = [("MCP-Protocol-Version", str(result.get("protocolVersion", call.PROTOCOL_VERSION)))]
    if session := answer.header(SESSION):
        headers.append((SESSION, session))
    send(call.initialized(url).sending(*headers).request(authorization))
    return tuple(headers), answer


def reply(answer: Answer) -> dict[str, Any]:
    """The response of JSON-RPC that came; empty where there is none."""
    found: object = None
    if stream.is_stream(answer.media_type):
        found = next((each for each in stream.messages(answer.body) if is_reply(each)), None)
    else:
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            pass
    return found if isinstance(found, dict) and is_reply(found) else {}


def is_reply(message: dict[str, Any]) -> bool:
    return message.get("jsonrpc") == "2.0" and ("result" in message or "error" in message)


def is_read_only(tool: Any) -> bool:
    """Whether a tool says that it changes nothing, and can be called without arguments."""
    if not isinstance(tool, dict) or not isinstance(tool.get("name"), str):
        return False
    hints, schema = tool.get("annotations"), tool.get("inputSchema")
    required = schema.get("required") if isinstance(schema, dict) else None
    return isinstance(hints, dict) and hints.get("readOnlyHint") is True and not required


def tool_names(listed: Answer) -> list[str]:
    """Of the first page of ``tools/list``; empty where it is none."""
    tools = (reply(listed).get("result") or {}).get("tools")
    found = (each.get("name") for each in tools if isinstance(each, dict)) if isinstance(tools, list) else ()
    return [name for name in found if isinstance(name, str)]
