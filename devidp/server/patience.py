"""What may take its time, and not more: one timer for all that is waited for.

A timer of its own for each body, as ``asyncio.timeout`` has it, costs as much as reading the request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from devidp.clock import stopwatch

LOOKS = 10
"""How often it is looked within the time that is given."""


class TooLong(Exception):
    """It was not there in time."""


class Patience:
    """Waits for ``seconds``, and up to a tenth longer."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._since: dict[asyncio.Task[object], float] = {}
        self._expired: set[asyncio.Task[object]] = set()
        self._looking = False

    async def wait_for(self, awaited: Awaitable[bytes]) -> bytes:
        """What is ``awaited``; raises TooLong."""
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None
        self._since[task] = stopwatch()
        if not self._looking:
            self._looking = True
            loop.call_later(self.seconds / LOOKS, self._look, loop)
        try:
            return await awaited
        except asyncio.CancelledError:
            if task not in self._expired:
                raise
            task.uncancel()
            raise TooLong from None
        finally:
            del self._since[task]
            self._expired.discard(task)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = stopwatch()
        for task, since in self._since.items():
            if now - since > self.seconds and task not in self._expired:
                self._expired.add(task)
                task.cancel()
        self._looking = bool(self._since)
        if self._looking:
            loop.call_later(self.seconds / LOOKS, self._look, loop)
