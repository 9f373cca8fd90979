"""Whose turn it is to write, among the processes that share a data folder.

SQLite alone decides who writes. Its losers sleep for a millisecond or more before they ask again, in which a worker
could have answered several requests; so writers wait here first, for as little as the one before them needs.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from devidp.system.clock import pause

if sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock

ATTEMPTS, SECONDS = 200, 0.00005


class Turn:
    """An advisory lock on a folder; it ends with its process. Where there is no such lock there is SQLite's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor = -1

    def take(self) -> None:
        """Wait for the turn, but not for ever: who comes without it meets SQLite's own lock."""
        for _ in range(ATTEMPTS):
            try:
                return self._lock()
            except BlockingIOError:
                pause(SECONDS)
            except OSError:  # a file system without such locks, or a folder that has gone, of which SQLite tells
                return None
        return None

    def _lock(self) -> None:
        if sys.platform != "win32":
            if self._descriptor < 0:
                self._descriptor = os.open(self._folder, os.O_RDONLY)
            flock(self._descriptor, LOCK_EX | LOCK_NB)

    def give(self) -> None:
        """Let the next one write; harmless for who does not have the turn."""
        if sys.platform != "win32" and self._descriptor >= 0:
            with suppress(OSError):
                flock(self._descriptor, LOCK_UN)

    def close(self) -> None:
        """Let go of the folder."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
