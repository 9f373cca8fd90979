"""The one clock of a running devidp: it can be advanced, frozen and set. No other module reads the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Seconds since the epoch, as devidp sees them.

    Everything that expires asks this clock, so that ``advance`` makes codes, tokens and sessions older at once.
    """

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen_at: float | None = None

    def now(self) -> float:
        """Seconds since the epoch, with fractions."""
        return time.time() + self._offset if self._frozen_at is None else self._frozen_at

    def seconds(self) -> int:
        """Whole seconds since the epoch, as ``iat`` and ``exp`` have them."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        """Move the clock; a frozen clock stays frozen at the new instant."""
        if self._frozen_at is None:
            self._offset += seconds
        else:
            self._frozen_at += seconds

    def set(self, at: float) -> None:
        """Show ``at`` (seconds since the epoch) from now on."""
        self.advance(at - self.now())

    def freeze(self) -> None:
        """Stop the clock at the present instant."""
        self._frozen_at = self.now()

    def resume(self) -> None:
        """Let a frozen clock go on from where it stands."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - time.time()
            self._frozen_at = None

    def reset(self) -> None:
        """Back to the machine's own time."""
        self._offset, self._frozen_at = 0.0, None

    def show(self, offset: float, frozen_at: float | None) -> None:
        """Differ from the machine's time by ``offset`` seconds, or stand at ``frozen_at``."""
        self._offset, self._frozen_at = offset, frozen_at

    @property
    def state(self) -> tuple[float, float | None]:
        """What ``show`` takes: the offset, and the instant at which the clock stands where it is frozen."""
        return self._offset, self._frozen_at


def utc(seconds: float) -> datetime:
    """An instant in seconds since the epoch, in UTC; ``fromtimestamp`` ends with the year 3000 on Windows."""
    return _EPOCH + timedelta(seconds=seconds)


def iso_date(seconds: float) -> str:
    """An instant in seconds since the epoch in ISO 8601, of UTC: ``2030-01-31T12:00:00Z``."""
    return utc(seconds).isoformat(timespec="seconds").replace("+00:00", "Z")


def local_time(seconds: float) -> datetime:
    """An instant in the time zone of the machine; in UTC where it is beyond all dates there."""
    at = utc(seconds)
    try:
        return at.astimezone()
    except (OverflowError, OSError):  # the last hours of the year 9999, east of Greenwich; on Windows after 3000
        return at


def time_of_day(seconds: float) -> str:
    """``12:00:01``, in the time zone of the machine."""
    return local_time(seconds).time().isoformat("seconds")


def machine_seconds() -> int:
    """Whole seconds since the epoch by the machine's own clock, which nobody sets for a test."""
    return int(time.time())


def stopwatch() -> float:
    """Seconds of a steady clock that no one can set, for measuring how long something took."""
    return time.perf_counter()


def pause(seconds: float) -> None:
    """Let this thread wait, in real time."""
    time.sleep(seconds)
