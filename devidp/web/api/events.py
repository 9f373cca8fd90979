"""Events: found by their fields, or streamed as they happen (HTML Living Standard, section 9.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import flask
from pydantic import Field

from devidp.system.event_log import as_json
from devidp.web.api import reading
from devidp.web.api.operation import Body, Nothing, Result, operation
from devidp.web.control.controller import Controller
from devidp.web.control.events import criteria
from devidp.web.response import Response
from devidp.web.runtime import Runtime

STREAM_SECONDS = 25
"""After this a stream ends, and its reader asks again from where it was: no stream holds a thread for ever."""
LOOK_SECONDS = 0.25
RETRY_MILLISECONDS = 200


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


@operation(EventQuery, Events)
def find(control: Controller, query: EventQuery) -> Any:
    """Find events, oldest first."""
    wanted = criteria(**query.model_dump(exclude_none=True, exclude={"after"}))
    events, after = control.events.since(query.after)
    return {"events": [event for event in events if wanted.fit(event)], "next": after}


def stream(runtime: Runtime) -> Response:
    """The events after ``Last-Event-ID``, or from now on."""
    reading.query(flask.request, Nothing)  # type: ignore[arg-type]
    last = flask.request.headers.get("Last-Event-ID", "")
    cursor = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else runtime.event_log.since()[1]
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(_lines(runtime, cursor), headers=headers, content_type="text/event-stream")


def _lines(runtime: Runtime, cursor: int) -> Iterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\nid: {cursor}\n\n"
    event_log = runtime.event_log
    for _ in range(int(STREAM_SECONDS / LOOK_SECONDS)):
        events, after = event_log.since(cursor)
        for number, event in enumerate(events):
            # the cursor is of the batch: a reader that stops inside it gets the batch again
            seen = after if number == len(events) - 1 else cursor
            yield f"id: {seen}\ndata: {as_json(event)}\n\n"
        cursor = after
        event_log.wait_beyond(cursor, LOOK_SECONDS)
        yield ""  # sends nothing, but lets the server notice that the reader is gone
