"""What the dashboard refuses, as a page of it."""

from __future__ import annotations

import flask
from werkzeug.exceptions import HTTPException

from devidp.dashboard import shell
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.errors import as_oauth_error
from devidp.web.request import Request


def handle(error: Exception) -> flask.Response:
    """The error handler of the dashboard."""
    request: Request = flask.request  # type: ignore[assignment]
    if isinstance(error, ControlError):
        return _page(404 if isinstance(error, UnknownName) else 400, str(error))
    if isinstance(error, HTTPException):
        text = f"There is no page {request.path} of the dashboard" if error.code == 404 else error.description
        return _page(error.code or 500, text or error.name)
    refusal = as_oauth_error(error, request)
    response = _page(refusal.http_status, refusal.reason, refusal.remedy)
    response.headers.update(refusal.headers)
    return response


def _page(status: int, reason: str, remedy: str = "") -> flask.Response:
    return shell.render("dashboard/error.html", status, status=status, reason=reason, remedy=remedy)
