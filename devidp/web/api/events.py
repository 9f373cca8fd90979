"""Events: found by their fields, or streamed as they happen (HTML Living Standard, section 9.2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import flask
from pydantic import Field, create_model

from devidp.models.event import ASKED, FACTS
from devidp.system.event_log import EventLog, as_json
from devidp.web.api import reading
from devidp.web.api.operation import Body, Result, operation
from devidp.web.control.controller import Controller
from devidp.web.control.events import Criteria, criteria
from devidp.web.response import Response
from devidp.web.runtime import Runtime

STREAM_SECONDS = 25
"""After this a stream ends, and its reader asks again from where it was: no stream holds a thread for ever."""
LOOK_SECONDS = 0.25
RETRY_MILLISECONDS, RETRY_WITHOUT_PLACE = 200, 3000


def _kind(name: str) -> type:
    return int if name == "status" else str


_CRITERIA: dict[str, Any] = {name: (_kind(name) | None, None) for name in FACTS} | {
    name: (str | None, Field(None, description=text)) for name, text in ASKED.items()
}
_FACTS: dict[str, Any] = {name: (_kind(name), ...) for name in FACTS}


class _Query(Body):
    """Fields that the events should have, or what should have been asked; of prose and of lists, a part."""

    after: Annotated[int, Field(ge=0, le=2**53)] | None = None
    """Only events after this cursor: `next` of an earlier answer, or 0 for all. A stream begins now without it."""


class _Event(Result):
    """One request and what became of it."""

    at: float
    """Seconds since the epoch."""
    asked: dict[str, str]
    """What was asked: of the names that this API takes as criteria, those that came."""
    took: float
    """Milliseconds until the answer was made; 0 where it was kept."""
    answered: dict[str, str]
    """What of the answer is kept: `content_type`, `location`, `www_authenticate`, `members`."""
    expected: tuple[str, ...]
    """What would have been right instead of `got`, the nearest first."""


EventQuery = create_model("EventQuery", __base__=_Query, **_CRITERIA)
Event: Any = create_model("Event", __base__=_Event, **_FACTS)


class Events(Result):
    """The events, oldest first."""

    events: list[Event]
    next: int
    """The cursor after them."""


@operation(EventQuery, Events)
def find(control: Controller, query: _Query) -> Any:
    """Find events, oldest first."""
    events, after = control.events.since(query.after or 0)
    return {"events": list(filter(_wanted(query).fit, events)), "next": after}


def stream(runtime: Runtime) -> Response:
    """The events that fit the query: after ``Last-Event-ID``, or after the cursor of the query, or from now on."""
    query: _Query = reading.query(flask.request, EventQuery)  # type: ignore[arg-type, assignment]
    wanted = _wanted(query)
    last = flask.request.headers.get("Last-Event-ID", "")
    cursor = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else query.after
    if cursor is None:
        cursor = runtime.event_log.since()[1]
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(_lines(runtime, cursor, wanted), headers=headers, content_type="text/event-stream")


def _wanted(query: Body) -> Criteria:
    return criteria(**query.model_dump(exclude_none=True, exclude={"after"}))


@contextmanager
def place(runtime: Runtime) -> Iterator[tuple[Iterator[None], int]]:
    """Each time that a stream may look for what is new, and after how many milliseconds its reader is to come again."""
    if not runtime.streams.acquire(blocking=False):
        yield _looks(runtime, 1), RETRY_WITHOUT_PLACE
        return
    try:
        yield _looks(runtime, int(STREAM_SECONDS / LOOK_SECONDS)), RETRY_MILLISECONDS
    finally:
        runtime.streams.release()


def _looks(runtime: Runtime, number: int) -> Iterator[None]:
    for _ in range(number):
        if runtime.is_ending():
            return
        yield


def _lines(runtime: Runtime, cursor: int, wanted: Criteria) -> Iterator[str]:
    with place(runtime) as (looks, retry):
        yield f"retry: {retry}\nid: {cursor}\n\n"
        yield from _new(runtime.event_log, cursor, wanted, looks)


def _new(event_log: EventLog, cursor: int, wanted: Criteria, looks: Iterator[None]) -> Iterator[str]:
    for _ in looks:
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
