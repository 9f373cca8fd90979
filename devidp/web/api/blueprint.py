"""Every operation a route of one blueprint, behind one guard."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from pkgutil import resolve_name
from typing import Any

import flask
from flask import Blueprint

from devidp import __version__
from devidp.oauth import errors
from devidp.oauth.errors import OAuthError
from devidp.web import beside, guard
from devidp.web.api.table import OPERATIONS, Operation
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.errors import as_oauth_error
from devidp.web.response import Response, json_response
from devidp.web.runtime import Runtime

PREFIX = "/_devidp/api"


def blueprint(runtime: Runtime) -> Blueprint:
    """The control API of ``runtime``; what is behind its addresses is imported by the first call."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    controller = cache(lambda: resolve_name("devidp.web.control.controller:Controller")(runtime))
    api.before_request(partial(_admit, runtime))
    for each in OPERATIONS:
        api.add_url_rule(_rule(each), each.name, partial(_call, controller, each), methods=[each.method])
    api.add_url_rule("/openapi.json", "openapi", _describe, methods=["GET"])
    api.add_url_rule("/events/stream", "stream", partial(_stream, runtime), methods=["GET"])
    api.register_error_handler(Exception, _refuse)
    api.after_request(_sign)
    return api


def _rule(each: Operation) -> str:
    """``/users/{username}`` as Flask writes it; a name may hold slashes, as that of a client with a document does."""
    return re.sub(r"\{(\w+)\}", r"<path:\1>", each.path)


def _admit(runtime: Runtime) -> None:
    guard.check(flask.request, runtime.config.control_token)
    runtime.follow()


def _call(controller: Callable[[], Any], each: Operation, **path: str) -> Response:
    place = "body" if each.method in ("POST", "PATCH") else "query"
    read: Callable[..., Any] = resolve_name(f"devidp.web.api.reading:{place}")
    result = each.gives.model_validate(each.call(controller(), read(flask.request, each.takes), **path))
    return json_response(result.model_dump(mode="json"), each.status)


def _describe() -> Response:
    return json_response(resolve_name("devidp.web.api.openapi:document")(PREFIX))


def _stream(runtime: Runtime) -> Response:
    response: Response = resolve_name("devidp.web.api.events:stream")(runtime)
    return response


def _sign(response: flask.Response) -> flask.Response:
    """Say who answers: another server may be where a caller looks for devidp."""
    response.headers["Devidp-Version"] = __version__
    return response


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
    beside.note(refusal)
    return json_response(refusal.body(), refusal.http_status, refusal.headers)
