"""A client that a person lets connect again and again: it is waited for, until nothing more comes."""

from __future__ import annotations

from collections.abc import Callable

from devidp.judge.turn import End, Turn
from devidp.system.clock import pause, stopwatch

LOOK_SECONDS = 0.2
QUIET_SECONDS = 3.0
"""So long after its last request a client has ended."""


class WaitingClient:
    """``invite`` tells the person what to do now; ``seconds`` of a turn begin with the first request."""

    keeps_address = True

    def __init__(self, invite: Callable[[Turn], None], quiet: float = QUIET_SECONDS) -> None:
        self.name = "the client that was pointed at it"
        self._invite = invite
        self._quiet = quiet

    def attempt(self, turn: Turn) -> End:
        self._invite(turn)
        while turn.activity() == 0:
            pause(LOOK_SECONDS)
        began = last = stopwatch()
        seen = turn.activity()
        while (now := stopwatch()) - last < self._quiet:
            if now - began > turn.seconds:
                return End(timed_out=True)
            pause(LOOK_SECONDS)
            if (more := turn.activity()) != seen:
                seen, last = more, stopwatch()
        return End(untold=True)
