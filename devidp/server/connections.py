"""The open connections of a worker, and how long each may wait: one timer for all of them."""

from __future__ import annotations

import asyncio
from typing import Protocol

from devidp.system.clock import http_date, stopwatch

MAX_OPEN = 768
"""Below the 1,024 files that a process may have open on most machines."""
TICK = 1.0
"""Seconds. A timer of its own for each request costs as much as reading it."""


class Waiting(Protocol):
    """A connection, as it is watched."""

    deadline: int
    """The tick at which it has waited too long; 0: it may wait."""

    @property
    def is_idle(self) -> bool: ...
    def expire(self) -> None: ...
    def end(self) -> None: ...
    def abort(self) -> None: ...


class Connections:
    """All that are open, those that came first in front."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.tick = 0
        """How often the timer has gone off."""
        self._loop = loop
        self._open: dict[Waiting, None] = {}
        self._tell_date()
        self._timer = loop.call_later(TICK, self._look)

    def add(self, connection: Waiting) -> None:
        """Where there are too many, one that is idle makes room, or this one goes."""
        if len(self._open) >= MAX_OPEN:
            next((each for each in self._open if each.is_idle), connection).abort()
        self._open[connection] = None

    def remove(self, connection: Waiting) -> None:
        self._open.pop(connection, None)

    async def end(self, seconds: float) -> None:
        """Let those that are being answered end, for so long."""
        for each in list(self._open):
            each.end()
        until = stopwatch() + seconds
        while self._open and stopwatch() < until:
            await asyncio.sleep(0.01)
        self._timer.cancel()

    def _look(self) -> None:
        self._timer = self._loop.call_later(TICK, self._look)
        self.tick += 1
        self._tell_date()
        for each in list(self._open):
            if each.deadline and each.deadline <= self.tick:
                each.expire()

    def _tell_date(self) -> None:
        self.date = f"Date: {http_date()}"
        """The header line of this second."""
