"""Dynamic client registration (RFC 7591)."""

from __future__ import annotations

import hmac

from devidp.issuer import registrar
from devidp.oauth.errors import InvalidToken, shortened
from devidp.protocol import Server
from devidp.web.asked import of_registration
from devidp.web.context import Context
from devidp.web.response import Response, json_response


def register(server: Server, context: Context) -> Response:
    issuer = server.issuer
    _check_initial_access_token(issuer.settings.initial_access_token, context)
    metadata = registrar.accept(issuer, context.request.json_object())
    context.facts.parameters = of_registration(metadata)
    registered = registrar.register(issuer, metadata)
    context.facts.client = registered.client_id
    context.facts.outcome = f"registered {shortened(metadata.client_name or 'a client without a name')}"
    return json_response(registrar.client_information(issuer, registered), 201)


def _check_initial_access_token(expected: str | None, context: Context) -> None:
    if expected is None:
        return
    presented = context.request.bearer_token()
    if presented is None or not hmac.compare_digest(presented.encode(), expected.encode()):
        received = "it has none" if presented is None else "it has another one"
        raise InvalidToken(
            f"Registration at this issuer needs the initial access token of the seed in the request; {received}",
            remedy="Send 'Authorization: Bearer TOKEN' with registration.initial_access_token of the seed",
            section="RFC 7591 section 3",
            # RFC 6750 section 3.1: no error code where there is no token
            headers={"WWW-Authenticate": "Bearer"} if presented is None else None,
        )
