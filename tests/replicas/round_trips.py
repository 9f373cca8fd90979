"""A way to PostgreSQL that counts: how often a replica waits for an answer, which is what a network makes slow."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

BUFFER = 65_536


class Counter:
    """``trips`` is how often something was asked and answered, over every connection."""

    def __init__(self, port: int) -> None:
        self.trips = 0
        self._target = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._sockets = [self._listening]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listening.accept()[0]
                server = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [client, server]
                threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        """From the client to the server; the other way is a thread that notes what was answered."""
        answered = threading.Event()
        answered.set()

        def back() -> None:
            with suppress(OSError):
                while answer := server.recv(BUFFER):
                    answered.set()
                    client.sendall(answer)
                client.shutdown(socket.SHUT_WR)

        threading.Thread(target=back, daemon=True).start()
        with suppress(OSError):
            while asked := client.recv(BUFFER):
                if answered.is_set():
                    answered.clear()
                    self.trips += 1
                server.sendall(asked)
            server.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


@contextmanager
def counting(port: int) -> Iterator[Counter]:
    """In front of the server at ``port`` of loopback, for as long as the context lasts."""
    counter = Counter(port)
    try:
        yield counter
    finally:
        counter.close()
