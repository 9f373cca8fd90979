"""Server-sent events in which an MCP server answers (Streamable HTTP)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

MEDIA_TYPE = "text/event-stream"


def is_stream(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == MEDIA_TYPE


def messages(body: bytes) -> Iterator[dict[str, Any]]:
    """The JSON objects in the data of the events that are complete (HTML Living Standard, section 9.2)."""
    text = body.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    for block in text.split("\n\n")[:-1]:
        data = [line.removeprefix("data:").removeprefix(" ") for line in block.split("\n") if line.startswith("data:")]
        try:
            message = json.loads("\n".join(data))
        except (ValueError, RecursionError):
            continue
        if isinstance(message, dict):
            yield message


def has_answer(body: bytes) -> bool:
    """Whether a response of JSON-RPC came, to the one request that was sent."""
    return any("result" in message or "error" in message for message in messages(body))
