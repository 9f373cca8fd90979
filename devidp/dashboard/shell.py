"""What every page of the dashboard has: its frame, its headers, and the devidp that it shows."""

from __future__ import annotations

from typing import Any, Final

import flask
from flask import current_app

from devidp.web import pages
from devidp.web.control.controller import Controller
from devidp.web.request import Request
from devidp.web.runtime import Runtime

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "worker-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def runtime() -> Runtime:
    """The devidp that is shown."""
    found: Runtime = current_app.extensions["devidp"]
    return found


def control() -> Controller:
    """Its controls."""
    found: Controller = current_app.extensions["control"]
    return found


def origin() -> str:
    """Where the browser has found devidp."""
    request: Request = flask.request  # type: ignore[assignment]
    return request.base(runtime().config.public_url)


def render(template: str, http_status: int = 200, /, **values: Any) -> flask.Response:
    """A page; always encodable as UTF-8, which text out of JSON need not be."""
    html = pages.encodable(flask.render_template(template, **values))
    return flask.Response(html, http_status, {"Cache-Control": "no-store"}, content_type="text/html; charset=utf-8")


def protect(response: flask.Response) -> flask.Response:
    """The headers of every answer."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
