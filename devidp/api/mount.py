"""The API in the application: every operation a route, behind one guard."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Response, request

from devidp.api import guard, openapi, reading, stream
from devidp.api.operation import OPERATIONS, Asked, Nothing, Operation
from devidp.control import ControlError, Controller, NoSuch
from devidp.endpoints.exchange import json_response
from devidp.installation import Installation
from devidp.oauth import errors
from devidp.oauth.errors import OAuthError

PREFIX = "/_devidp/api"


def mount(app: Flask, installation: Installation) -> None:
    """Serve the API."""
    control = Controller(installation)
    token = installation.config.control_token
    for each in OPERATIONS:
        rule = PREFIX + re.sub(r"\{(\w+)\}", r"<path:\1>" if each.path.endswith("}") else r"<\1>", each.path)
        app.add_url_rule(rule, f"api-{each.name}", _view(each, control, token), methods=[each.method])
    app.add_url_rule(f"{PREFIX}/openapi.json", "api-openapi", _description(token), methods=["GET"])
    app.add_url_rule(f"{PREFIX}/events/stream", "api-stream", _stream(installation, token), methods=["GET"])


def _view(each: Operation, control: Controller, token: str | None) -> Any:
    def view(**path: str) -> Response:
        control.installation.follow()
        try:
            guard.check(request, token)
            done = each.call(Asked(control, _taken(each), path))
            return json_response(done.model_dump(mode="json"), each.status)
        except NoSuch as error:
            refusal: OAuthError = errors.NotFound(str(error))
        except ControlError as error:
            refusal = errors.InvalidRequest(str(error))
        except OAuthError as error:
            refusal = error
        return json_response(refusal.body(), refusal.http_status)

    return view


def _taken(each: Operation) -> Any:
    if each.method in ("POST", "PATCH"):
        return reading.body(request, each.takes)
    return reading.query(request, each.takes)


def _description(token: str | None) -> Any:
    def view() -> Response:
        try:
            guard.check(request, token)
        except OAuthError as error:
            return json_response(error.body(), error.http_status)
        return json_response(openapi.document(PREFIX))

    return view


def _stream(installation: Installation, token: str | None) -> Any:
    def view() -> Response:
        try:
            guard.check(request, token)
            reading.query(request, Nothing)
        except OAuthError as error:
            return json_response(error.body(), error.http_status)
        return stream.response(installation, request)

    return view
