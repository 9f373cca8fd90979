"""Failure injection: where scripted failures happen, before or after the view of an endpoint."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from devidp.faults.failures import FAILURES, Failure, SpoiledResponse
from devidp.issuer.issuer import Issuer
from devidp.oauth.errors import OAuthError
from devidp.oauth.identifiers import flow_of
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server
from devidp.protocol.authorization import refusal
from devidp.store.overrides import Scripted
from devidp.system.event_log import Facts
from devidp.web.context import Context
from devidp.web.endpoints import ENDPOINTS, Endpoint
from devidp.web.endpoints.discovery import metadata
from devidp.web.request import FORM_TYPE, Request
from devidp.web.response import Response
from devidp.web.runtime import Runtime

GROUPED = {
    "openid-configuration": "discovery",
    "oauth-authorization-server": "discovery",
    "login": "authorize",
    "consent": "authorize",
}
"""Endpoints that go by the name of another: two addresses of one document, and the pages of one request."""


def places() -> list[str]:
    """The names of the endpoints at which failures can be scripted."""
    return list(dict.fromkeys(GROUPED.get(name, name) for name in ENDPOINTS))


class ScriptedError(OAuthError):
    """An error that a test asked for."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        vars(self)["code"] = code


def view(runtime: Runtime, each: Endpoint, server: Server, context: Context) -> Response:
    """The answer of the endpoint, with what was scripted for it."""
    place = GROUPED.get(each.name, each.name)
    if not any(scripted.endpoint == place for scripted in runtime.overrides.current.failures):
        return each.view(server, context)
    # a client that has the document already would get 304, and nothing to fail with
    environ = {name: value for name, value in context.request.environ.items() if name != "HTTP_IF_NONE_MATCH"}
    context.request = Request(environ)
    take = _taker(runtime, place, server.issuer)
    instead = _take_before(take, each, server, context)
    if instead is not None:
        return instead
    response = each.view(server, context)
    scripted = take(context.facts, lambda failure: not failure.before and _applies(failure, response))
    if scripted is not None:
        FAILURES[scripted.name].spoil(_answer(runtime, server, response, scripted, context))
    return response


Take = Callable[[Facts, Callable[[Failure], bool]], Scripted | None]


def _taker(runtime: Runtime, place: str, issuer: Issuer) -> Take:
    def take(facts: Facts, wanted: Callable[[Failure], bool]) -> Scripted | None:
        return runtime.overrides.take(
            "failures",
            lambda each: each.endpoint == place and wanted(FAILURES[each.name]) and each.match.fits(facts, issuer.name),
        )

    return take


def _take_before(take: Take, each: Endpoint, server: Server, context: Context) -> Response | None:
    if each.name in GROUPED and GROUPED[each.name] == "authorize":
        return None
    facts = _foreseen(server.issuer, context)
    scripted = take(facts, lambda failure: failure.before)
    if scripted is None:
        return None
    context.facts.client, context.facts.user = facts.client, facts.user
    context.facts.grant, context.facts.flow = facts.grant, facts.flow
    if scripted.name == "error" and each.name == "authorize":
        _note(context.facts, scripted)
        raise refusal(server.issuer, _error(scripted), _parameters(context))
    response = Response(headers={"Cache-Control": "no-store"})
    FAILURES[scripted.name].spoil(_answer(None, server, response, scripted, context))
    return response


def _error(scripted: Scripted) -> ScriptedError:
    reason = scripted.options.get("description", "A test asked for this error")
    return ScriptedError(scripted.options.get("error", "access_denied"), reason)


def _answer(
    runtime: Runtime | None, server: Server, response: Response, scripted: Scripted, context: Context
) -> SpoiledResponse:
    _note(context.facts, scripted)

    def other() -> dict[str, Any]:
        others = [each for each in runtime.servers.values() if each is not server] if runtime else []
        return metadata(others[0], others[0].issuer.url) if others else {"issuer": "https://attacker.example"}

    def active_kid() -> str:
        return server.issuer.keys.active.kid

    connection = context.request.environ.get("werkzeug.socket")
    return SpoiledResponse(response, scripted.options, other, active_kid, connection)


def _note(facts: Facts, scripted: Scripted) -> None:
    facts.outcome = f"failure {scripted.name} as scripted"


def _applies(failure: Failure, response: Response) -> bool:
    """Whether the answer is one that the failure can spoil: an error has no token to leave out."""
    if failure.group == "authorization":
        return "code=" in response.headers.get("Location", "")
    return failure.group == "anything" or response.status_code == 200


# what can be told of a request before it is served


def _foreseen(issuer: Issuer, context: Context) -> Facts:
    parameters = _parameters(context)
    facts = Facts(
        client=_client(context) or parameters.get("client_id", ""),
        grant=parameters.get("grant_type", ""),
        state=parameters.get("state", ""),
    )
    code, refresh_token = parameters.get("code"), parameters.get("refresh_token")
    record = issuer.store.find_code(code) if code else None
    family = issuer.store.find_refresh_token(refresh_token) if refresh_token else None
    for came in (record, family):
        if came is not None:
            facts.user, facts.state, facts.flow = came.username, came.state or "", flow_of(came.grant_id)
    return facts


def _parameters(context: Context) -> Parameters:
    try:
        if context.request.mimetype != FORM_TYPE:
            return context.request.query_parameters()
        return context.request.form_parameters()
    except OAuthError:
        return Parameters()


def _client(context: Context) -> str:
    scheme, _, credentials = context.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return unquote_plus(b64decode(credentials, validate=True).decode().partition(":")[0])
    except (binascii.Error, ValueError):
        return ""
