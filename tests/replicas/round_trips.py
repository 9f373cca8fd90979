"""A way to PostgreSQL that counts: how often a replica waits for an answer, which is what a network makes slow."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from devidp.store.postgres import WRITING

BUFFER = 65_536


class Counter:
    """``asked`` is what was asked, over every connection: a text for each answer that was waited for."""

    def __init__(self, port: int) -> None:
        self.asked: list[bytes] = []
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
                    self.asked.append(b"")
                self.asked[-1] += asked
                server.sendall(asked)
            server.shutdown(socket.SHUT_WR)

    def cost(self) -> tuple[int, int, int]:
        """Round trips, those of them with the lock of writes, and writes, which wait for the disk."""
        held, writes, holds = 0, 0, False
        for asked in self.asked:
            if holds:
                held, holds = held + 1, b"COMMIT" not in asked
            elif WRITING.encode() in asked:
                writes, holds = writes + 1, b"BEGIN" in asked and b"COMMIT" not in asked
        return len(self.asked), held, writes

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
