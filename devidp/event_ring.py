"""Events between the workers of one run: each writes into a mapped file of its own, and everybody reads them all.

Writing is a copy into memory, without a system call and without waiting for another worker. A file begins with four
numbers: whether its worker writes an event at this moment, where the events end, how often they began anew, and up to
when they are forgotten. Each event has its time and its length before it. Times are microseconds of the steady
clock that all processes of a machine share.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONEncoder, loads
from pathlib import Path
from secrets import token_hex
from typing import Any

from devidp.system import files
from devidp.system.clock import pause, stopwatch

RING_BYTES = 4 * 1024 * 1024
"""What a worker keeps; when it is full, it begins anew."""
PATIENCE_SECONDS = 0.25
"""For a worker that was killed while it wrote."""
_WRITING, _END, _ROUND, _FORGOTTEN = (slice(8 * place, 8 * place + 8) for place in range(4))
_HEADER_BYTES = 32
_HEAD = struct.Struct("<QI")
_ENCODE = JSONEncoder(separators=(",", ":")).encode


class EventRing:
    """The events of this worker, and through ``read`` those of all under ``folder`` with the same ``name``."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._path = folder / f"{name}.{os.getpid()}-{token_hex(4)}"
        files.private_file(self._path)
        with self._path.open("r+b") as file:
            file.truncate(RING_BYTES)
            self._map = mmap.mmap(file.fileno(), RING_BYTES)
        self._at = _HEADER_BYTES
        self._put(_END, self._at)

    def append(self, event: tuple[Any, ...]) -> None:
        """Keep ``event``; who calls this is alone."""
        record = _ENCODE(event).encode()
        if _HEADER_BYTES + _HEAD.size + len(record) > RING_BYTES:
            return
        # before the time is taken: who sees that nobody writes will find every event of until then
        self._put(_WRITING, 1)
        stamp = now()
        if self._at + _HEAD.size + len(record) > RING_BYTES:
            self._put(_ROUND, _number(self._map, _ROUND) + 1)
            self._at = _HEADER_BYTES
        _HEAD.pack_into(self._map, self._at, stamp, len(record))
        begin = self._at + _HEAD.size
        self._at = begin + len(record)
        self._map[begin : self._at] = record
        self._put(_END, self._at)
        self._put(_WRITING, 0)

    def read(self, after: int) -> tuple[list[list[Any]], int]:
        """The events of every worker later than ``after``, oldest first, and the time up to which they are whole."""
        until = now() - 1
        after = after if after <= until else 0  # of before the machine was started
        found = sorted(
            (each for path in self._files() for each in _events(path, after, until)), key=lambda each: each[0]
        )
        return [loads(record) for _, record in found], until

    def clear(self) -> None:
        """Forget the events of every worker."""
        until = now()
        for path in self._files():
            with _mapped(path, mmap.ACCESS_WRITE) as ring:
                if ring is not None:
                    ring[_FORGOTTEN] = until.to_bytes(8, "little")

    def close(self) -> None:
        self._map.close()

    def _files(self) -> list[Path]:
        return list(self._folder.glob(f"{self._name}.*"))

    def _put(self, place: slice, number: int) -> None:
        self._map[place] = number.to_bytes(8, "little")


def now() -> int:
    """Microseconds."""
    return int(stopwatch() * 1e6)


@contextmanager
def _mapped(path: Path, access: int) -> Iterator[mmap.mmap | None]:
    """``None`` where the file has gone, or is only just being made."""
    try:
        with path.open("r+b") as file, mmap.mmap(file.fileno(), RING_BYTES, access=access) as ring:
            yield ring
    except (FileNotFoundError, ValueError):
        yield None


def _events(path: Path, after: int, until: int) -> Iterator[tuple[int, bytes]]:
    with _mapped(path, mmap.ACCESS_READ) as ring:
        content, forgotten = (b"", 0) if ring is None else _copied(ring)
    place = _HEADER_BYTES
    while place < len(content):
        stamp, length = _HEAD.unpack_from(content, place)
        place += _HEAD.size + length
        if max(after, forgotten) < stamp <= until:
            yield stamp, content[place - length : place]


def _copied(ring: mmap.mmap) -> tuple[bytes, int]:
    """What is in ``ring`` at a moment in which nobody writes, and up to when it is forgotten."""
    ends_at = stopwatch() + PATIENCE_SECONDS
    while True:
        writing, end, begun, forgotten = (_number(ring, place) for place in (_WRITING, _END, _ROUND, _FORGOTTEN))
        content = ring[:end]
        if (writing == 0 and _number(ring, _ROUND) == begun) or stopwatch() > ends_at:
            return content, forgotten
        pause(0.0002)


def _number(ring: mmap.mmap, place: slice) -> int:
    return int.from_bytes(ring[place], "little")
