"""Every operation a route of one blueprint, behind one guard."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import flask
from flask import Blueprint

from devidp.oauth import errors
from devidp.oauth.errors import OAuthError
from devidp.web.api import clock, events, faults, guard, keys, openapi, overrides, reading, reset, tokens
from devidp.web.api.operation import OPERATIONS, Operation
from devidp.web.control import ControlError, Controller, UnknownName
from devidp.web.errors import as_oauth_error
from devidp.web.response import Response, json_response
from devidp.web.runtime import Runtime

PREFIX = "/_devidp/api"
GROUPS = (overrides, faults, clock, events, keys, reset, tokens)
"""Where the operations are."""


def blueprint(runtime: Runtime) -> Blueprint:
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    controller = Controller(runtime)
    api.before_request(partial(_admit, runtime))
    for each in OPERATIONS:
        api.add_url_rule(_rule(each), each.name, partial(_call, controller, each), methods=[each.method])
    api.add_url_rule("/openapi.json", "openapi", lambda: json_response(openapi.document(PREFIX)), methods=["GET"])
    api.add_url_rule("/events/stream", "stream", partial(events.stream, runtime), methods=["GET"])
    api.register_error_handler(Exception, _refuse)
    return api


def _rule(each: Operation) -> str:
    """``/users/{username}`` as Flask writes it; the name at the end of a path may hold slashes."""
    return re.sub(r"\{(\w+)\}", r"<path:\1>" if each.path.endswith("}") else r"<\1>", each.path)


def _admit(runtime: Runtime) -> None:
    guard.check(flask.request, runtime.config.control_token)
    runtime.follow()


def _call(controller: Controller, each: Operation, **path: str) -> Response:
    read: Callable[..., Any] = reading.body if each.method in ("POST", "PATCH") else reading.query
    result = each.gives.model_validate(each.call(controller, read(flask.request, each.takes), **path))
    return json_response(result.model_dump(mode="json"), each.status)


def _refuse(error: Exception) -> Response:
    """The error handler of the API: JSON, which cites no specification, for it follows none."""
    refusal: OAuthError
    if isinstance(error, UnknownName):
        refusal = errors.NotFound(str(error))
    elif isinstance(error, ControlError):
        refusal = errors.InvalidRequest(str(error))
    else:
        refusal = as_oauth_error(error, flask.request)  # type: ignore[arg-type]
    refusal.section = ""
    return json_response(refusal.body(), refusal.http_status, refusal.headers)
