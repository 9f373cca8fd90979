"""A server inside a program: Werkzeug's, in threads.

It comes with Flask; each connection has its own thread, so a slow response delays no other; and it exposes its socket,
so that a connection can be dropped.
"""

from __future__ import annotations

import socket
import ssl
import threading
from typing import TYPE_CHECKING

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

POLL_SECONDS = 0.05
"""How often it checks whether to stop."""


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    # a response is sent in several pieces: without this the second waits for the acknowledgment of the first
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - the name that Werkzeug gives it
        """Nothing: devidp logs its events itself."""


class LocalServer(ThreadedWSGIServer):
    """Serves ``application`` from a listening socket until ``stop``; https where there is a ``tls``."""

    daemon_threads = True

    def __init__(
        self, listening: socket.socket, application: WSGIApplication, tls: ssl.SSLContext | None = None
    ) -> None:
        host, port = listening.getsockname()[:2]
        super().__init__(host, port, application, _Handler, fd=listening.fileno())
        self.ssl_context = tls
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": POLL_SECONDS}, name="devidp", daemon=True
        )
        self._thread.start()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, client_address = super().get_request()
        if self.ssl_context is not None:
            # the handshake is left to the connection's own thread: a client that stalls in it delays nobody
            connection = self.ssl_context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, client_address

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def stop(self) -> None:
        """Stop serving, and close the connections that clients keep open."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._guard:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:  # the client has closed it
                    pass
