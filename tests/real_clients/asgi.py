"""An ASGI application of a test, over real HTTP on a free port of the loopback address."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp


@contextmanager
def asgi_served(make: Callable[[str], ASGIApp], **options: Any) -> Iterator[str]:
    """Serve what ``make`` gives for its own base URL: ``http://localhost:40123``, https with a certificate."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        scheme = "https" if "ssl_certfile" in options else "http"
        base_url = f"{scheme}://localhost:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(make(base_url), log_level="warning", **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield base_url
        server.should_exit = True
        thread.join()
