"""The deadline of a request to another server, from the look-up of its name to the last byte."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from devidp.system.clock import stopwatch


class TimeLimit:
    """``seconds`` from now on."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends_at = stopwatch() + seconds

    def remaining(self) -> float:
        return max(self._ends_at - stopwatch(), 0)

    def exceeded(self) -> str:
        return f"it did not answer within {self._seconds:g} s"

    @contextmanager
    def enforced(self, connection: socket.socket) -> Iterator[threading.Event]:
        """End the connection when the time is over, however slowly the other side goes on; the event says so."""
        expired = threading.Event()
        # of the descriptor: wrapping in TLS moves it to another object, and one that is wrapped has no dup()
        twin = socket.fromfd(connection.fileno(), connection.family, connection.type)

        def end() -> None:
            expired.set()
            try:
                twin.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other side was faster

        timer = threading.Timer(self.remaining(), end)
        timer.daemon = True
        timer.start()
        try:
            yield expired
        finally:
            timer.cancel()
            timer.join()
            twin.close()
