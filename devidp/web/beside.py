"""Events of requests beside the endpoints: landing page, health, control calls, and addresses where nothing is."""

from __future__ import annotations

from typing import TypeVar

import flask

from devidp.models import Event
from devidp.oauth.errors import OAuthError
from devidp.system.event_log import Facts
from devidp.web.answered import answered
from devidp.web.asked import asked, of_refusal
from devidp.web.request import Request
from devidp.web.runtime import Runtime

API = "api"
DASHBOARD = "dashboard"
HEALTH = ("health", "ready")
UNRECORDED = frozenset({"api.get-events", "api.stream", "api.post-reset", DASHBOARD})
"""Who reads events makes none, or a reader would find itself; and after a reset there are none."""
ResponseT = TypeVar("ResponseT", bound=flask.Response)


def facts() -> Facts:
    """Of this request; they begin when they are first asked for."""
    if "facts" not in flask.g:
        flask.g.facts = Facts()
    found: Facts = flask.g.facts
    return found


def note(error: OAuthError) -> OAuthError:
    """Remember why this request is refused, for its event."""
    flask.g.refusal = error
    return error


def record(runtime: Runtime, response: ResponseT) -> ResponseT:
    """Record what Flask has answered."""
    request: Request = flask.request  # type: ignore[assignment]
    name = request.endpoint or "unknown"
    if "." in name and request.blueprint != API:
        return response  # an endpoint of an issuer, which records itself
    if name in UNRECORDED and response.status_code < 400:
        return response
    if name in HEALTH:
        name = "health"
        if runtime.config.database is not None:
            return response  # replicas are asked every second, and a database that is away keeps no answer waiting
    if "/_devidp" in request.path:
        name = "control"
    runtime.event_log.record(
        Event(
            name,
            status=response.status_code,
            at=runtime.clock.now(),
            asked=asked(request, facts()),
            id=facts().id,
            took=facts().took,
            answered=answered(response),
            **of_refusal(flask.g.get("refusal")),
        )
    )
    return response
