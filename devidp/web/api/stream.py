"""Events as they happen: server-sent events (HTML Living Standard, section 9.2)."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Request

from devidp.system.event_log import as_json
from devidp.web.response import Response
from devidp.web.runtime import Runtime

STREAM_SECONDS = 25
"""After this a stream ends, and its reader asks again from where it was: no stream holds a thread for ever."""
LOOK_SECONDS = 0.25
RETRY_MILLISECONDS = 200


def response(runtime: Runtime, request: Request) -> Response:
    """The events after ``Last-Event-ID``, or from now on."""
    last = request.headers.get("Last-Event-ID", "")
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
        yield ""  # nothing is sent, but who serves this can look whether the reader is still there
