"""The clock."""

from __future__ import annotations

from typing import Literal

from devidp.system.clock import iso_date
from devidp.web.api.operation import Body, Nothing, Result, operation
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError


class ClockChange(Body):
    """One of three: move the clock, set it, or an action."""

    advance: str | float | None = None
    """A duration such as `2h`, or seconds; a minus goes back."""
    set: str | float | None = None
    """An instant: seconds since the epoch, or a date with its time zone."""
    action: Literal["freeze", "resume", "reset"] | None = None


class ClockState(Result):
    """What the clock shows."""

    now: float
    """Seconds since the epoch."""
    date: str
    """The same in ISO 8601."""
    frozen: bool
    offset: float
    """Seconds by which it is ahead of the machine's clock, while it is not frozen."""


@operation(Nothing, ClockState)
def show(control: Controller, _: Nothing) -> ClockState:
    """Say what the clock shows."""
    now, state = control.clock.now(), control.clock.state
    return ClockState(now=now, date=iso_date(now), frozen=state.frozen_at is not None, offset=state.offset)


@operation(ClockChange, ClockState)
def change(control: Controller, body: ClockChange) -> ClockState:
    """Move, set, freeze, resume or reset the clock that codes, tokens and sessions follow."""
    clock = control.clock
    match body:
        case ClockChange(advance=str() | float() as duration, set=None, action=None):
            clock.advance(duration)
        case ClockChange(advance=None, set=str() | float() as at, action=None):
            clock.set(at)
        case ClockChange(advance=None, set=None, action=str() as action):
            {"freeze": clock.freeze, "resume": clock.resume, "reset": clock.reset}[action]()
        case _:
            raise ControlError("expected one of: advance, set, action")
    return show(control, Nothing())
