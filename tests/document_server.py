"""A server of somebody else that has one document, on the loopback address."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def serving(document: object) -> Iterator[str]:
    """The address of ``document`` as JSON."""
    with serving_bytes(json.dumps(document).encode(), "application/json") as uri:
        yield uri


@contextmanager
def serving_bytes(body: bytes | bytearray, content_type: str, status: int = 200) -> Iterator[str]:
    """The address that answers with ``body``, as it is when it is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing to standard error."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/document.json"
        server.shutdown()
        thread.join()
