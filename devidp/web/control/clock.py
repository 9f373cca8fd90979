"""The clock of a running devidp, for every worker at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from devidp.oauth.numeric_date import is_date
from devidp.store.overrides import ClockState, OverrideSet
from devidp.system import durations
from devidp.system.clock import Clock
from devidp.web.control.errors import ControlError
from devidp.web.runtime import Runtime

Duration = str | float | timedelta
Instant = str | float | datetime
LATEST = 253_402_300_799
"""The last second of the year 9999: what comes after it has no date."""

_SECONDS = re.compile(r"[0-9]{9,12}")


class ClockControl:
    """Moves, stops and sets the time that codes, tokens, sessions and introspection follow.

    Tokens that were issued before stay as they are: they get older.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def now(self) -> float:
        """Seconds since the epoch, as devidp sees them."""
        return self._runtime.clock.now()

    @property
    def state(self) -> ClockState:
        return self._runtime.overrides.current.clock

    def advance(self, duration: Duration) -> None:
        """Let time pass: ``"2h"``, ``"1h30m"``, seconds, or a timedelta; a minus goes back."""
        seconds = seconds_of(duration)
        self._change(lambda clock: clock.advance(seconds))

    def set(self, at: Instant) -> None:
        """Show an instant: seconds since the epoch, ISO 8601 with its offset, or a datetime with a time zone."""
        instant = instant_of(at)
        self._change(lambda clock: clock.set(instant))

    def freeze(self) -> None:
        self._change(Clock.freeze)

    def resume(self) -> None:
        """Let a stopped clock go on from where it stands."""
        self._change(Clock.resume)

    def reset(self) -> None:
        """Back to the machine's own time."""
        self._change(Clock.reset)

    def _change(self, change: Callable[[Clock], None]) -> None:
        def move(controlled: OverrideSet) -> OverrideSet:
            clock = Clock()
            clock.show(controlled.clock.offset, controlled.clock.frozen_at)
            change(clock)
            if not 0 <= clock.now() <= LATEST:
                raise ControlError("the clock would leave the years 1970 to 9999; move it less, or reset it")
            return replace(controlled, clock=ClockState(*clock.state))

        self._runtime.control(move)


def seconds_of(duration: Duration) -> float:
    """The seconds of a duration; raises ControlError."""
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    if isinstance(duration, str):
        sign, written = (-1, duration[1:]) if duration.startswith("-") else (1, duration)
        try:
            return sign * durations.parse(written)
        except ValueError as error:
            raise ControlError(str(error)) from None
    if not is_date(duration):
        raise ControlError(f"got {duration!r}, expected {durations.EXPECTED}")
    return duration


def instant_of(at: Instant) -> float:
    """Seconds since the epoch of an instant; raises ControlError."""
    try:
        # a command and a form have only text; fewer digits could be meant as a date
        if isinstance(at, str) and _SECONDS.fullmatch(at):
            return int(at)
        parsed = datetime.fromisoformat(at) if isinstance(at, str) else at
        if is_date(parsed):
            return parsed
        if not isinstance(parsed, datetime) or parsed.tzinfo is None:
            raise ValueError("no instant")
        return parsed.astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        raise ControlError(
            f"got {str(at)!r}, expected seconds since the epoch, or a date with its time zone such as "
            "2030-01-31T12:00:00Z"
        ) from None
