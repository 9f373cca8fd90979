"""What keeps a page that is looked at up to date: the stream of events, and the stylesheet that all pages share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import flask
from flask import Blueprint
from werkzeug.wrappers import Response

from devidp.dashboard import shell
from devidp.store import StoreError
from devidp.web import pages
from devidp.web.api.events import LOOK_SECONDS, RETRY_WITHOUT_PLACE, place
from devidp.web.runtime import Runtime

blueprint = Blueprint("live", __name__)
CHANGED, NOTHING = "data: changed\n\n", "\n"


@blueprint.get("/stream")
def stream() -> flask.Response:
    """A message whenever something has happened or was changed, in whichever process; the page then asks for itself."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    messages = _readable(_messages(shell.runtime(), was_away="Last-Event-ID" in flask.request.headers))
    return flask.Response(messages, headers=headers, content_type="text/event-stream")


def _readable(messages: Iterator[str]) -> Iterator[str]:
    """Without a database the stream ends, and its reader comes again; after a refusal a browser would not."""
    with suppress(StoreError):
        yield from messages
        return
    yield f"retry: {RETRY_WITHOUT_PLACE}\n\n"


def _messages(runtime: Runtime, *, was_away: bool) -> Iterator[str]:
    """The first one at once for a reader that ``was_away``: it may have missed something."""
    log = runtime.event_log
    state = log.since()[1], runtime.version, runtime.edit_refused
    with place(runtime) as (looks, retry):
        yield f"retry: {retry}\nid: 0\n{CHANGED if was_away else NOTHING}"
        for _ in looks:
            log.wait_beyond(state[0], LOOK_SECONDS)
            runtime.follow()  # what was changed through another page, or in a program, is no event
            before, state = state, (log.since(state[0])[1], runtime.version, runtime.edit_refused)
            yield CHANGED if before != state else ""


@blueprint.get("/static/style.css")
def style() -> Response:
    """The stylesheet of all pages of devidp, which the others carry inside them."""
    response = flask.Response(pages.STYLE, content_type="text/css; charset=utf-8")
    response.add_etag()
    return response.make_conditional(flask.request)
