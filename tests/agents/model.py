"""A language model that calls one tool and is content: agents need one between their user and their tools.

Speaks as much of the two vendors' interfaces as the agents need for that.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOOL = "status"
NAMESPACE = "mcp__devidp"


class Model(BaseHTTPRequestHandler):
    """Answers with server-sent events."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep silent: what counts is what the tool says."""

    def do_GET(self) -> None:
        self._begin("application/json")
        self.wfile.write(b'{"data": [], "models": []}')

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._begin("text/event-stream")
        if self.path.startswith("/v1/messages"):
            self._answer(_messages(asked))
        else:
            self._answer(_responses(asked))

    def _begin(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def _answer(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())


def _messages(asked: str) -> list[dict[str, Any]]:
    """Calls the tool where it is on offer and has not answered yet; then repeats what was asked last."""
    calling = f"{NAMESPACE}__{TOOL}" in asked and '"tool_result"' not in asked
    block: dict[str, Any] = {"type": "text", "text": ""}
    delta: dict[str, Any] = {"type": "text_delta", "text": "done"}
    if calling:
        block = {"type": "tool_use", "id": "toolu_1", "name": f"{NAMESPACE}__{TOOL}", "input": {}}
        delta = {"type": "input_json_delta", "partial_json": "{}"}
    usage = {"input_tokens": 1, "output_tokens": 1}
    message: dict[str, Any] = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "a test", "content": [], "stop_reason": None,
        "stop_sequence": None, "usage": usage,
    }  # fmt: skip
    why = {"stop_reason": "tool_use" if calling else "end_turn", "stop_sequence": None}
    return [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": why, "usage": {"output_tokens": 1}},
        {"type": "message_stop"},
    ]


def _responses(asked: str) -> list[dict[str, Any]]:
    item: dict[str, Any] = {
        "type": "message", "role": "assistant", "id": "msg_1", "content": [{"type": "output_text", "text": "done"}],
    }  # fmt: skip
    if '"function_call_output"' not in asked:
        item = {
            "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": TOOL, "namespace": NAMESPACE,
            "arguments": "{}",
        }  # fmt: skip
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    return [
        {"type": "response.created", "response": {"id": "resp_1"}},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": {"id": "resp_1", "usage": usage}},
    ]


@contextmanager
def model_served() -> Iterator[str]:
    """The base URL of a model on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()
