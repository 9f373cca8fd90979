"""A WSGI application of a test, over real HTTP on a free port of the loopback address."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server


@contextmanager
def wsgi_served(
    make: Callable[[str], Flask], certificate: tuple[str, str] | None = None
) -> Iterator[tuple[str, Flask]]:
    """Serve what ``make`` gives for its own base URL, ``http://localhost:40123``, https with a certificate; both."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        base_url = f"{'https' if certificate else 'http'}://localhost:{port}"
        application = make(base_url)
        server = make_server(
            "127.0.0.1", port, application, threaded=True, fd=listening.fileno(), ssl_context=certificate
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield base_url, application
        server.shutdown()
        thread.join()
        server.server_close()
