"""What keeps a page that is looked at up to date: the stream of events, and the stylesheet that all pages share."""

from __future__ import annotations

import flask
from flask import Blueprint
from werkzeug.wrappers import Response

from devidp.dashboard import shell
from devidp.web import pages
from devidp.web.api import events

blueprint = Blueprint("live", __name__)


@blueprint.get("/stream")
def stream() -> flask.Response:
    """Every event as it happens, as the control API streams them."""
    return events.stream(shell.runtime())


@blueprint.get("/static/style.css")
def style() -> Response:
    """The stylesheet of all pages of devidp, which the others carry inside them."""
    response = flask.Response(pages.STYLE, content_type="text/css; charset=utf-8")
    response.add_etag()
    return response.make_conditional(flask.request)
