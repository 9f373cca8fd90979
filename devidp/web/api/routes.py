"""Every operation a route, behind one guard."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from flask import Response, request
from werkzeug.routing import Map, Rule

from devidp import wsgi
from devidp.messages import Reply, json_reply
from devidp.oauth import errors
from devidp.oauth.errors import OAuthError
from devidp.web.api import (
    accounts,
    catalogue,
    clock,
    events,
    guard,
    keys,
    openapi,
    reading,
    reset,
    scripted,
    stream,
    tokens,
)
from devidp.web.api.operation import OPERATIONS, Asked, Nothing, Operation
from devidp.web.control import ControlError, Controller, NoSuch

PREFIX = "/_devidp/api"
GROUPS = (accounts, catalogue, clock, events, keys, reset, scripted, tokens)
"""Where the operations are."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a call goes through: the controller, and the token that is asked for where there is one."""

    control: Controller
    token: str | None


Called = Callable[[Door, Mapping[str, str]], Reply | Response]


def answer(door: Door, address: str) -> Response:
    """The answer to the request that there is, at ``address`` below the prefix."""
    called: Called
    called, path = _routes().bind("").match(f"/{address}", request.method)
    answered = called(door, path)
    return wsgi.flask_response(answered) if isinstance(answered, Reply) else answered


@cache
def _routes() -> Map:
    """Where each operation is; made at the first call, for most devidps are never controlled."""
    rules = [Rule(_rule(each), methods=[each.method], endpoint=partial(_call, each)) for each in OPERATIONS]
    rules.append(Rule("/openapi.json", methods=["GET"], endpoint=_description))
    rules.append(Rule("/events/stream", methods=["GET"], endpoint=_stream))
    return Map(rules, merge_slashes=False, redirect_defaults=False)


def _rule(each: Operation) -> str:
    return re.sub(r"\{(\w+)\}", r"<path:\1>" if each.path.endswith("}") else r"<\1>", each.path)


def _call(each: Operation, door: Door, path: Mapping[str, str]) -> Reply:
    door.control.runtime.follow()
    try:
        guard.check(request, door.token)
        done = each.call(Asked(door.control, _taken(each), path))
        return json_reply(done.model_dump(mode="json"), each.status)
    except NoSuch as error:
        refusal: OAuthError = errors.NotFound(str(error))
    except ControlError as error:
        refusal = errors.InvalidRequest(str(error))
    except OAuthError as error:
        refusal = error
    return json_reply(refusal.body(), refusal.http_status)


def _taken(each: Operation) -> Any:
    if each.method in ("POST", "PATCH"):
        return reading.body(request, each.takes)
    return reading.query(request, each.takes)


def _description(door: Door, _: Mapping[str, str]) -> Reply:
    try:
        guard.check(request, door.token)
    except OAuthError as error:
        return json_reply(error.body(), error.http_status)
    return json_reply(openapi.document(PREFIX))


def _stream(door: Door, _: Mapping[str, str]) -> Reply | Response:
    try:
        guard.check(request, door.token)
        reading.query(request, Nothing)
    except OAuthError as error:
        return json_reply(error.body(), error.http_status)
    return stream.response(door.control.runtime, request)
