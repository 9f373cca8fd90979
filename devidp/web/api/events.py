"""What happened."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from devidp.web.api.operation import Body, Result, operation
from devidp.web.control import Controller
from devidp.web.control.events import criteria


class EventQuery(Body):
    """Fields that the events should have; prose matches by a part."""

    after: Annotated[int, Field(ge=0, le=2**53)] = 0
    """Only events after this cursor: `next` of an earlier answer."""
    endpoint: str | None = None
    issuer: str | None = None
    client: str | None = None
    user: str | None = None
    grant: str | None = None
    flow: str | None = None
    error: str | None = None
    outcome: str | None = None
    reason: str | None = None
    status: int | None = None


class Event(Result):
    """One request and what became of it."""

    endpoint: str
    issuer: str
    status: int
    at: float
    client: str
    user: str
    grant: str
    scope: str
    detail: str
    outcome: str
    error: str
    reason: str
    remedy: str
    section: str
    flow: str
    """The same for every request of one authorization."""


class Events(Result):
    """The events, oldest first."""

    events: list[Event]
    next: int
    """The cursor after them."""


@operation("GET", "/events", EventQuery, Events)
def find(control: Controller, query: EventQuery) -> Any:
    """Find events, oldest first."""
    wanted = criteria(**query.model_dump(exclude_none=True, exclude={"after"}))
    events, after = control.events.since(query.after)
    return {"events": [event for event in events if wanted.fit(event)], "next": after}
