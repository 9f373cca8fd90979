"""What the dashboard refuses, as a page of it."""

from __future__ import annotations

import logging

import flask
from werkzeug.exceptions import HTTPException

from devidp.dashboard import shell
from devidp.oauth.errors import OAuthError
from devidp.web.control.errors import ControlError, UnknownName

logger = logging.getLogger("devidp")


def handle(error: Exception) -> flask.Response:
    """The error handler of the dashboard."""
    if isinstance(error, OAuthError):
        return _page(error.http_status, error.reason, error.remedy)
    if isinstance(error, ControlError):
        return _page(404 if isinstance(error, UnknownName) else 400, str(error))
    if isinstance(error, HTTPException):
        path = flask.request.path
        text = f"There is no page {path} of the dashboard" if error.code == 404 else error.description or error.name
        return _page(error.code or 500, text)
    logger.error("An internal error at %s %s", flask.request.method, flask.request.full_path, exc_info=error)
    return _page(500, "devidp failed: this is an internal error", "Look at its log, and report it")


def _page(status: int, reason: str, remedy: str = "") -> flask.Response:
    return shell.render("dashboard/error.html", status, status=status, reason=reason, remedy=remedy)
