"""Dynamic client registration (RFC 7591)."""

from __future__ import annotations

from devidp.issuer import registrar
from devidp.oauth.errors import shortened
from devidp.protocol import Server
from devidp.web.asked import of_registration
from devidp.web.context import Context
from devidp.web.endpoints.access_token import check_bearer
from devidp.web.response import Response, json_response


def register(server: Server, context: Context) -> Response:
    issuer = server.issuer
    if (expected := issuer.settings.initial_access_token) is not None:
        check_bearer(expected, context, "Registration", "registration.initial_access_token", "RFC 7591 section 3")
    metadata = registrar.accept(issuer, context.request.json_object())
    context.facts.parameters = of_registration(metadata)
    registered = registrar.register(issuer, metadata)
    context.facts.client = registered.client_id
    context.facts.outcome = f"registered {shortened(metadata.client_name or 'a client without a name')}"
    return json_response(registrar.client_information(issuer, registered), 201)
