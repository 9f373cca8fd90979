"""Dynamic client registration (RFC 7591)."""

from __future__ import annotations

import hmac

from devidp.issuer import registrar
from devidp.messages import Reply, json_reply
from devidp.oauth.errors import InvalidToken
from devidp.protocol import Server
from devidp.web.endpoints.exchange import Exchange


def register(server: Server, exchange: Exchange) -> Reply:
    issuer = server.issuer
    _check_initial_access_token(issuer.settings.initial_access_token, exchange)
    metadata = registrar.accept(issuer, exchange.json_object())
    registered = registrar.register(issuer, metadata)
    exchange.facts.client = registered.client_id
    exchange.facts.outcome = f"registered {metadata.client_name or 'a client without a name'}"
    return json_reply(registrar.client_information(issuer, registered), 201)


def _check_initial_access_token(expected: str | None, exchange: Exchange) -> None:
    if expected is None:
        return
    presented = exchange.bearer_token()
    if presented is None or not hmac.compare_digest(presented.encode(), expected.encode()):
        came = "none came" if presented is None else "another one came"
        raise InvalidToken(
            f"Registration at this issuer needs the initial access token of the seed; {came}",
            remedy="Send 'Authorization: Bearer TOKEN' with registration.initial_access_token of the seed",
            section="RFC 7591 section 3",
            # RFC 6750 section 3.1: no error code where no token came
            headers={"WWW-Authenticate": "Bearer"} if presented is None else None,
        )
