"""Instants and spans of time as people read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from devidp.models.accounts import Lifetimes
from devidp.system import durations
from devidp.system.clock import iso_date, local_time, machine_seconds
from devidp.web.control.clock import ClockControl

LIVES = {
    "access_token": "Access token",
    "id_token": "ID token",
    "refresh_token": "Refresh token",
    "authorization_code": "Authorization code",
    "pushed_request": "Pushed request",
    "device_code": "Device code",
    "session": "Session in the browser",
}
"""What becomes old, by the names of its lifetime in the seed."""


@dataclass(frozen=True, slots=True)
class ClockFace:
    """What the clock of devidp shows."""

    now: int
    """Seconds since the epoch."""
    utc: str
    local: str
    """In the time zone of the machine."""
    machine: str
    """What the machine's own clock shows, of UTC."""
    ahead: int
    """Seconds by which it differs from the machine's."""
    difference: str
    """That in words; empty where there is none."""
    frozen: bool

    @property
    def is_real(self) -> bool:
        """Whether it is the machine's time."""
        return not self.frozen and self.ahead == 0


@dataclass(frozen=True, slots=True)
class Lived:
    """How long something lives, and when it ends that is made now."""

    label: str
    seconds: int
    words: str
    ends: str
    """Of UTC; empty where that is beyond all dates."""


def face(clock: ClockControl) -> ClockFace:
    now, machine = int(clock.now()), machine_seconds()
    frozen = clock.state.frozen_at is not None
    # the distance of a clock that stands changes all the time: in minutes it says enough
    ahead = round((now - machine) / 60) * 60 if frozen else round(clock.state.offset)
    words = f"{durations.words(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} the machine's" if ahead else ""
    here = local_time(now).isoformat(timespec="seconds")
    return ClockFace(now, iso_date(now), here, iso_date(machine), ahead, words, frozen)


def lives(issuers: Iterable[tuple[str, Lifetimes]], now: int) -> list[tuple[list[str], list[Lived]]]:
    """Everything that becomes old, the shortest life first, with the names of the issuers where it is so."""
    names: dict[Lifetimes, list[str]] = {}
    for name, lifetimes in issuers:
        names.setdefault(lifetimes, []).append(name)
    return [(alike, _lives(lifetimes, now)) for lifetimes, alike in names.items()]


def _lives(lifetimes: Lifetimes, now: int) -> list[Lived]:
    spans = {each.name: int(getattr(lifetimes, each.name)) for each in fields(lifetimes)}
    return [
        Lived(LIVES[name], seconds, durations.words(seconds), date(now + seconds))
        for name, seconds in sorted(spans.items(), key=lambda each: each[1])
    ]


def date(seconds: float) -> str:
    """An instant of UTC; empty where it is beyond all dates."""
    try:
        return iso_date(seconds)
    except (ValueError, OverflowError):
        return ""
