"""The smallest MCP server: JSON-RPC over streamable HTTP, with one tool and without sessions."""

from __future__ import annotations

import json
from typing import Any

TOOL = "whoami"
VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""Of the protocol, the newest first."""
METHOD_NOT_FOUND, INVALID_REQUEST, PARSE_ERROR = -32601, -32600, -32700


def answer(body: bytes) -> Any:
    """The answer to one message or to a batch; ``None`` where nothing is to be answered."""
    try:
        message = json.loads(body)
    except ValueError:
        return _error(None, PARSE_ERROR, "the body is not JSON")
    if isinstance(message, list):
        return [found for each in message if (found := _answer(each)) is not None] or None
    return _answer(message)


def uses_tool(body: bytes) -> bool:
    """Whether the message, or one of a batch, lists or calls tools."""
    try:
        message = json.loads(body or b"null")
    except ValueError:
        return False
    each = message if isinstance(message, list) else [message]
    return any(isinstance(one, dict) and str(one.get("method")).startswith("tools/") for one in each)


def _answer(message: Any) -> dict[str, Any] | None:
    if not isinstance(message, dict):
        return _error(None, INVALID_REQUEST, "the message is not an object")
    number, method = message.get("id"), message.get("method")
    if number is None or method is None:
        return None  # a notification, or an answer to what was never asked
    params = message.get("params")
    result = _result(str(method), params if isinstance(params, dict) else {})
    if result is None:
        return _error(number, METHOD_NOT_FOUND, f"there is no method {method}")
    return {"jsonrpc": "2.0", "id": number, "result": result}


def _result(method: str, params: dict[str, Any]) -> dict[str, Any] | None:
    if method == "initialize":
        asked = params.get("protocolVersion")
        return {
            "protocolVersion": asked if asked in VERSIONS else VERSIONS[0],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "devidp-judge", "version": "1"},
        }
    results: dict[str, dict[str, Any]] = {
        "ping": {},
        "tools/list": {"tools": [{"name": TOOL, "description": "Says hello.", "inputSchema": {"type": "object"}}]},
        "tools/call": {"content": [{"type": "text", "text": "hello"}]},
    }
    return results.get(method)


def _error(number: Any, code: int, text: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": text}}
