"""The client configuration endpoint (RFC 7592): a client reads, replaces and deletes its own registration."""

from __future__ import annotations

import hmac
from typing import Any

from devidp.issuer import registrar
from devidp.issuer.issuer import Issuer
from devidp.issuer.registrar import RegisteredClient
from devidp.models import Registration
from devidp.oauth.errors import InvalidClientMetadata, InvalidRequest, InvalidToken, quoted
from devidp.protocol import Server
from devidp.web.asked import of_registration
from devidp.web.context import Context
from devidp.web.response import NO_STORE, Response, json_response

SECTION = "RFC 7592 section 2.2"
NOT_FOR_CLIENTS = (
    "registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at",
)  # fmt: skip
"""What an update may not hold."""


def client_configuration(server: Server, context: Context) -> Response:
    issuer = server.issuer
    client_id = context.request.query_parameters().required("client_id", "RFC 7592 section 2")
    token, registration = _authorized(issuer, context, client_id)
    context.facts.client = client_id
    if context.request.method == "DELETE":
        if not issuer.store.clients.remove_managed(client_id, token):
            raise _refused(client_id)
        context.facts.outcome = "client deleted with its codes, tokens and consents"
        return Response(status=204, headers=NO_STORE)
    if context.request.method == "PUT":
        data = context.request.json_object()
        _check_identity(issuer, data, client_id, registration)
        metadata = registrar.accept(issuer, data)
        context.facts.parameters = of_registration(metadata)
        registered = registrar.update(
            issuer,
            client_id,
            token,
            registration,
            metadata,
            new_secret="client_secret" not in data,
        )
        if registered is None:
            raise _refused(client_id)
        context.facts.outcome = "registration replaced, under another registration access token"
    else:
        registered = RegisteredClient(client_id, registration, token)
        context.facts.outcome = "registration read"
    return json_response(registrar.client_information(issuer, registered))


def _authorized(issuer: Issuer, context: Context, client_id: str) -> tuple[str, Registration]:
    token = context.request.bearer_token()
    if token is None:
        raise InvalidToken(
            "The request has no registration access token",
            remedy="Send 'Authorization: Bearer TOKEN' with the registration_access_token of the last answer",
            section="RFC 7592 section 2",
            headers={"WWW-Authenticate": "Bearer"},
        )
    registration = issuer.store.clients.find_managed(client_id, token)
    if registration is None:
        raise _refused(client_id)
    return token, registration


def _refused(client_id: str) -> InvalidToken:
    # RFC 7592 section 2.1 has a client that is gone answered in the same way
    return InvalidToken(
        f"The registration access token is not that of client {quoted(client_id)}, was replaced, or the client is gone",
        remedy="Send the newest one: each update answers with another",
        section="RFC 7592 section 2.1",
    )


def _check_identity(issuer: Issuer, data: dict[str, Any], client_id: str, registration: Registration) -> None:
    for name in NOT_FOR_CLIENTS:
        if name in data:
            raise InvalidRequest(f"An update has no field {quoted(name)}", remedy="Leave it out", section=SECTION)
    if data.get("client_id") != client_id:
        raise InvalidClientMetadata(
            f"client_id in the body is {quoted(data.get('client_id'))}, the request is for {quoted(client_id)}",
            remedy="Send the client_id of the registration in the body as well",
            section=SECTION,
        )
    current = issuer.registered_secret(client_id, registration) or ""
    if "client_secret" in data and not hmac.compare_digest(str(data["client_secret"]).encode(), current.encode()):
        raise InvalidClientMetadata(
            "client_secret is not the one that the client has",
            remedy="Send the present one to keep it, or leave it out to get a new one",
            section=SECTION,
        )
