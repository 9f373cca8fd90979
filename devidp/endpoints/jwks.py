"""The JWK Set (RFC 7517 section 5)."""

from flask import Response

from devidp.endpoints.constant import constant_response
from devidp.endpoints.exchange import Exchange
from devidp.protocol import Server


def jwks(server: Server, exchange: Exchange) -> Response:
    return constant_response(server.issuer.keys.document(), exchange.request, "application/jwk-set+json")
