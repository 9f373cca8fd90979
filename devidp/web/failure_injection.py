"""Failure injection: applies scripted failures before or after the view of an endpoint."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_plus

from devidp.faults.failures import FAILURES, Failure, SpoiledResponse
from devidp.issuer.issuer import Issuer
from devidp.oauth.errors import OAuthError, shortened
from devidp.oauth.identifiers import flow_of
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server
from devidp.protocol.authorization import refusal
from devidp.store.overrides import Scripted
from devidp.system.event_log import Facts
from devidp.web.context import Context
from devidp.web.endpoints import ENDPOINTS, Endpoint
from devidp.web.endpoints.discovery import metadata
from devidp.web.request import FORM_TYPE
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

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(options.get("description", "A test asked for this error"))
        vars(self)["code"] = options.get("error", "access_denied")


def view(runtime: Runtime, each: Endpoint, server: Server, context: Context) -> Response:
    """The answer of the endpoint, with what was scripted for it."""
    place = GROUPED.get(each.name, each.name)
    if not any(scripted.endpoint == place for scripted in runtime.overrides.current.failures):
        return each.view(server, context)
    # a client that has the document already would get 304, and nothing to fail with
    context.request.environ.pop("HTTP_IF_NONE_MATCH", None)

    def take(facts: Facts, applies: Callable[[Failure], bool]) -> Scripted | None:
        def fits(each: Scripted) -> bool:
            return (
                each.endpoint == place and applies(FAILURES[each.name]) and each.match.fits(facts, server.issuer.name)
            )

        scripted = runtime.overrides.take("failures", fits)
        if scripted is not None:
            context.facts.outcome = f"failure {scripted.name} as scripted"
        return scripted

    if place != "authorize" or each.name == "authorize":
        facts = _foresee(server.issuer, context)
        scripted = take(facts, lambda failure: failure.before)
        if scripted is not None:
            for name in ("client", "user", "grant", "flow"):
                setattr(context.facts, name, getattr(facts, name))
            if scripted.name == "error" and each.name == "authorize":
                raise refusal(server.issuer, ScriptedError(scripted.options), _parameters(context))
            response = Response(headers={"Cache-Control": "no-store"})
            return _spoil(runtime, server, response, scripted, context)
    response = each.view(server, context)
    scripted = take(context.facts, lambda failure: not failure.before and _applies(failure, response))
    return response if scripted is None else _spoil(runtime, server, response, scripted, context)


def _spoil(runtime: Runtime, server: Server, response: Response, scripted: Scripted, context: Context) -> Response:
    def metadata_of_another() -> dict[str, Any]:
        others = [each for each in runtime.servers.values() if each is not server]
        return metadata(others[0], others[0].issuer.url) if others else {"issuer": "https://attacker.example"}

    def active_kid() -> str:
        return server.issuer.keys.active.kid

    connection = context.request.environ.get("werkzeug.socket")
    FAILURES[scripted.name].spoil(
        SpoiledResponse(response, scripted.options, metadata_of_another, active_kid, connection)
    )
    return response


def _applies(failure: Failure, response: Response) -> bool:
    """Whether the answer is one that the failure can spoil: an error has no token to leave out."""
    if failure.group == "authorization":
        return "code=" in response.headers.get("Location", "")
    return failure.group == "anything" or response.status_code == 200


def _foresee(issuer: Issuer, context: Context) -> Facts:
    """The facts of a request that are known before it is served."""
    parameters = _parameters(context)
    facts = Facts(
        client=shortened(_client(context) or parameters.get("client_id", "")),
        grant=shortened(parameters.get("grant_type", "")),
        state=parameters.get("state", ""),
    )
    code, refresh_token = parameters.get("code"), parameters.get("refresh_token")
    record = issuer.store.find_code(code) if code else None
    family = issuer.store.find_refresh_token(refresh_token) if refresh_token else None
    for found in (record, family):
        if found is not None:
            facts.user, facts.state, facts.flow = found.username, found.state or "", flow_of(found.grant_id)
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
