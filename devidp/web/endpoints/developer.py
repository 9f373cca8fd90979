"""What the pages show to a developer of the request that led to them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from weakref import ref

from devidp.issuer.issuer import Issuer
from devidp.models import Client, DeviceCode
from devidp.oauth import user_code
from devidp.oauth.parameters import Parameters
from devidp.protocol import AuthorizationRequest, Server, response_mode
from devidp.protocol.authorization_parameters import ReceivedRequest
from devidp.protocol.explanation import AUTHORIZATION, DEVICE, LOGOUT, Asked, Meaning, explain
from devidp.web.context import Context
from devidp.web.endpoints import trial
from devidp.web.endpoints.logout_request import LogoutRequest
from devidp.web.foreseen import parameters_of
from devidp.web.pages import Developer, Trial
from devidp.web.pages.developer import constant

_DEVICE_ERRORS = (
    Trial("access_denied", "The user said no.", "RFC 8628 section 3.5"),
    Trial("expired_token", "The user took too long: the device code has expired.", "RFC 8628 section 3.5"),
)
_TABLES = {"logout": LOGOUT, "logout-confirm": LOGOUT, "device": DEVICE}
_READ = ("authorize", "device", "logout")
"""The endpoints to which a browser brings a request."""


def failures(issuer: Issuer, request: AuthorizationRequest) -> tuple[Trial, ...]:
    """What can be wrong with the answer to ``request``."""
    return trial.failures(request, response_mode.choose(issuer, request.parameters, request.redirect_uri))


def of_authorization(
    issuer: Issuer, request: AuthorizationRequest, received: ReceivedRequest, username: str, failure: str
) -> Developer:
    """For the pages of an authorization request, whose answer will have ``failure``."""
    asked = Asked(issuer, received.parameters, request.client, username)
    return _developer(
        AUTHORIZATION,
        asked,
        source=source(received),
        errors=trial.ERRORS,
        failures=failures(issuer, request),
        chosen=failure,
    )


def of_device(issuer: Issuer, record: DeviceCode, client: Client) -> Developer:
    """For the pages after the code of a device."""
    sent = [
        ("user_code", user_code.display(record.user_code)),
        ("client_id", client.client_id),
        ("scope", " ".join(record.scope)),
        *(("resource", resource) for resource in record.resources),
    ]
    asked = Asked(issuer, Parameters(sent), client)
    return _developer(DEVICE, asked, source="The device asked for this.", errors=_DEVICE_ERRORS, once=True)


def of_logout(issuer: Issuer, request: LogoutRequest) -> Developer:
    """For the page that asks before a logout."""
    possible = trial.of_group("logout") if request.target else ()
    sent = "state" in request.parameters
    return _developer(
        LOGOUT,
        Asked(issuer, request.parameters, request.client),
        failures=tuple(each for each in possible if sent or each.name != "logout-state-missing"),
        once=True,
    )


def of_refused(server: Server, endpoint: str, context: Context) -> Developer | None:
    """For the page of a refusal; ``None`` where no request that was meant for a person led there."""
    parameters = context.facts.parameters
    if parameters is None and endpoint in _READ:
        parameters = parameters_of(context)
    if not parameters or "transaction" in parameters:  # the form of a page
        return None
    client = server.issuer.client(parameters["client_id"]) if "client_id" in parameters else None
    return _developer(_TABLES.get(endpoint, AUTHORIZATION), Asked(server.issuer, parameters, client))


def _developer(
    table: Mapping[str, Meaning],
    asked: Asked,
    *,
    source: str = "",
    errors: tuple[Trial, ...] = (),
    failures: tuple[Trial, ...] = (),
    chosen: str = "",
    once: bool = False,
) -> Developer:
    # an issuer is another object when anything has changed that the seed or the control API says
    uris = asked.client.redirect_uris if asked.client else ()
    key = (ref(asked.issuer), uris, asked.username, constant(asked.parameters))
    explained = partial(explain, table, asked)
    return Developer(key, explained, asked.parameters, source, errors, failures, chosen, once)


def source(received: ReceivedRequest) -> str:
    """How the parameters came, where they did not come as they are."""
    where = f"in {'a signed' if received.signed else 'an unsigned'} request object (RFC 9101)"
    if received.reference:
        within = f" {where}" if received.signed else ""
        return f"The client pushed these before{within} (RFC 9126): what the browser brought beside does not count."
    if received.request_object:
        return f"These came {where}: what the browser brought beside does not count."
    return ""
