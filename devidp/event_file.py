"""Events as lines of JSON in a file: for whoever asks for one, and between workers, each of which appends."""

from __future__ import annotations

import os
from pathlib import Path

from devidp import files

CHECKED_BYTES = 64 * 1024
"""How much a process writes before it looks again how large the file is."""


class EventFile:
    """A file to which every process appends whole lines. With ``limit`` bytes it begins anew when it is full."""

    def __init__(self, path: Path, limit: int | None = None) -> None:
        files.private_file(path)
        self._limit = limit
        self._unchecked = CHECKED_BYTES
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND)

    def append(self, line: str) -> None:
        try:
            # one write in append mode is one piece of the file, whoever else writes
            self._unchecked += os.write(self._descriptor, f"{line}\n".encode())
        except OSError:
            return  # an answer is worth more than its event, and the log has the event too
        if self._limit is not None and self._unchecked >= CHECKED_BYTES:
            self._unchecked = 0
            if os.fstat(self._descriptor).st_size > self._limit:
                self.clear()

    def read(self, offset: int) -> tuple[list[bytes], int]:
        """The lines that begin at ``offset``, and where the next one will; from the start where the file began anew."""
        size = os.fstat(self._descriptor).st_size
        start = offset if offset <= size else 0
        with os.fdopen(os.dup(self._descriptor), "rb") as file:
            file.seek(start)
            found = file.read(size - start)
        whole = found[: found.rfind(b"\n") + 1]
        return whole.splitlines(), start + len(whole)

    def clear(self) -> None:
        os.ftruncate(self._descriptor, 0)

    def close(self) -> None:
        os.close(self._descriptor)
