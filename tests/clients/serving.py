"""A WSGI or ASGI application of a test, served over real HTTP on a free port of the loopback address."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from flask import Flask
from starlette.types import ASGIApp
from werkzeug.serving import make_server


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """A socket that accepts connections, and the base URL that it has."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened, f"http://localhost:{opened.getsockname()[1]}"


@contextmanager
def flask_served(application: Flask, at: socket.socket) -> Iterator[None]:
    server = make_server("127.0.0.1", at.getsockname()[1], application, threaded=True, fd=at.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def asgi_served(application: ASGIApp, at: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [at]}, daemon=True)
    thread.start()
    yield
    server.should_exit = True
    thread.join()
