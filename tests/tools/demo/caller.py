"""A client that says just what it is told to, and shows the HTTP answer."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx2

ACCEPT = "application/json, text/event-stream"


class McpCaller:
    """Calls one MCP endpoint, a request at a time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx2.Client(timeout=120)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def ask(self, method: str, params: dict[str, Any], token: str | None = None, **headers: str) -> httpx2.Response:
        """The answer to one JSON-RPC request."""
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        sent = {"Accept": ACCEPT, **({"Authorization": f"Bearer {token}"} if token is not None else {}), **headers}
        return self._http.post(self.url, json=message, headers=sent)

    def call(self, tool: str, token: str | None = None, **arguments: str) -> httpx2.Response:
        return self.ask("tools/call", {"name": tool, "arguments": arguments}, token)

    def tools(self, token: str) -> list[str]:
        """The names of the tools that a token is shown."""
        listed: list[dict[str, Any]] = self.ask("tools/list", {}, token).json()["result"]["tools"]
        return [tool["name"] for tool in listed]

    def get(self, url: str) -> httpx2.Response:
        return self._http.get(url)


def text_of(answer: httpx2.Response) -> str:
    """What the tool said."""
    assert answer.status_code == 200, answer.text
    said: str = answer.json()["result"]["content"][0]["text"]
    return said


def challenge_of(answer: httpx2.Response) -> dict[str, str]:
    """The parameters of the challenge."""
    scheme, _, parameters = answer.headers["WWW-Authenticate"].partition(" ")
    assert scheme == "Bearer"
    pairs = (each.split("=", 1) for each in parameters.split(", "))
    return {name: value.strip('"') for name, value in pairs}
