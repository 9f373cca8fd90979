"""The clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from devidp.web.api.operation import Body, Nothing, OperationCall, Result, operation
from devidp.web.control import ControlError, Controller


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


def state(control: Controller) -> ClockState:
    now, state = control.clock.now(), control.clock.state
    date = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return ClockState(now=now, date=date, frozen=state.frozen_at is not None, offset=state.offset)


@operation("GET", "/clock", Nothing, ClockState)
def show(call: OperationCall[Nothing]) -> ClockState:
    """Say what the clock shows."""
    return state(call.control)


@operation("POST", "/clock", ClockChange, ClockState)
def change(call: OperationCall[ClockChange]) -> ClockState:
    """Move, set, freeze, resume or reset the clock that codes, tokens and sessions follow."""
    wanted, clock = call.body, call.control.clock
    if sum(each is not None for each in (wanted.advance, wanted.set, wanted.action)) != 1:
        raise ControlError("expected one of: advance, set, action")
    if wanted.advance is not None:
        clock.advance(wanted.advance)
    if wanted.set is not None:
        clock.set(wanted.set)
    if wanted.action is not None:
        {"freeze": clock.freeze, "resume": clock.resume, "reset": clock.reset}[wanted.action]()
    return state(call.control)
