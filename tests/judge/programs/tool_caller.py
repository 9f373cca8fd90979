"""``python -m tests.judge.programs.tool_caller URL``: calls a tool with the MCP SDK, and has a browser opened."""

from __future__ import annotations

import sys
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer

from tests.real_clients.mcp_client import Application

HOST = "127.0.0.1"


class Callback(BaseHTTPRequestHandler):
    """Keeps the path that the browser asks for."""

    asked = ""

    def do_GET(self) -> None:
        type(self).asked = self.path
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


def call(url: str) -> str:
    """The answer of the tool at ``url``."""
    with HTTPServer((HOST, 0), Callback) as server:
        base = f"http://{HOST}:{server.server_port}"

        def person(address: str) -> str:
            webbrowser.open(address)
            server.handle_request()
            return f"{base}{Callback.asked}"

        return Application(url, person, redirect_uri=f"{base}/callback").call("whoami")


if __name__ == "__main__":
    sys.exit(0 if call(sys.argv[1]) == "hello" else 1)
