"""A proxy for the hosts that a vendor's library has built in: what goes to them ends at a devidp of the test.

``HTTPS_PROXY`` names it, and the program has to trust the CA of that devidp. What goes anywhere else is refused.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from urllib.parse import urlsplit

CHUNK = 65536


class _Proxy(ThreadingTCPServer):
    daemon_threads = True
    targets: Mapping[str, tuple[str, int]]


class _Tunnel(StreamRequestHandler):
    """One CONNECT (RFC 9110 section 9.3.6)."""

    server: _Proxy

    def handle(self) -> None:
        method, place, *_ = [*self.rfile.readline(CHUNK).decode("latin-1").split(), "", ""]
        while self.rfile.readline(CHUNK).strip():
            pass
        target = self.server.targets.get(place)
        if method != "CONNECT" or target is None:
            self.wfile.write(f"HTTP/1.1 502 {method} {place} is not for this proxy\r\n\r\n".encode("latin-1"))
            return
        with socket.create_connection(target) as there:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = Thread(target=_copy, args=(there, self.connection), daemon=True)
            back.start()
            _copy(self.connection, there)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Until ``source`` ends, which ends what goes to ``target``."""
    try:
        while chunk := source.recv(CHUNK):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other end is gone, and so is what would have been said to it


@contextmanager
def proxy(url: str, *hosts: str) -> Iterator[str]:
    """The address of a proxy on which ``hosts``, with https, are the devidp at ``url``."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    with _Proxy(("127.0.0.1", 0), _Tunnel) as server:
        server.targets = {f"{host}:443": (parts.hostname, parts.port) for host in hosts}
        serving = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            serving.join()
