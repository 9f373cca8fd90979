"""Events: found by their fields, or streamed as they happen (HTML Living Standard, section 9.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import flask
from pydantic import Field

from devidp.system.event_log import as_json
from devidp.web.api import reading
from devidp.web.api.operation import Body, Result, operation
from devidp.web.control.controller import Controller
from devidp.web.control.events import Criteria, criteria
from devidp.web.response import Response
from devidp.web.runtime import Runtime

STREAM_SECONDS = 25
"""After this a stream ends, and its reader asks again from where it was: no stream holds a thread for ever."""
LOOK_SECONDS = 0.25
RETRY_MILLISECONDS = 200


class EventQuery(Body):
    """Fields that the events should have; prose matches by a part."""

    after: Annotated[int, Field(ge=0, le=2**53)] | None = None
    """Only events after this cursor: `next` of an earlier answer, or 0 for all. A stream begins now without it."""
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
    events, after = control.events.since(query.after or 0)
    return {"events": list(filter(_wanted(query).fit, events)), "next": after}


def stream(runtime: Runtime) -> Response:
    """The events that fit the query: after ``Last-Event-ID``, or after the cursor of the query, or from now on."""
    query: EventQuery = reading.query(flask.request, EventQuery)  # type: ignore[arg-type, assignment]
    wanted = _wanted(query)
    last = flask.request.headers.get("Last-Event-ID", "")
    cursor = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else query.after
    if cursor is None:
        cursor = runtime.event_log.since()[1]
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(_lines(runtime, cursor, wanted), headers=headers, content_type="text/event-stream")


def _wanted(query: EventQuery) -> Criteria:
    return criteria(**query.model_dump(exclude_none=True, exclude={"after"}))


def _lines(runtime: Runtime, cursor: int, wanted: Criteria) -> Iterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\nid: {cursor}\n\n"
    event_log = runtime.event_log
    for _ in range(int(STREAM_SECONDS / LOOK_SECONDS)):
        events, after = event_log.since(cursor)
        fitting = list(filter(wanted.fit, events))
        for number, event in enumerate(fitting):
            # the cursor is of the batch: a reader that stops inside it gets the batch again
            seen = after if number == len(fitting) - 1 else cursor
            yield f"id: {seen}\ndata: {as_json(event)}\n\n"
        if after != cursor and not fitting:
            yield f"id: {after}\n\n"
        cursor = after
        event_log.wait_beyond(cursor, LOOK_SECONDS)
        yield ""  # sends nothing, but lets the server notice that the reader is gone
