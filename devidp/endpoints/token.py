"""The token endpoint (OAuth 2.1 section 3.2)."""

from flask import Response

from devidp.endpoints.exchange import Exchange, json_response
from devidp.protocol import Server, dpop


def token(server: Server, exchange: Exchange) -> Response:
    answer = server.token_response(exchange.form(), exchange.headers, exchange.facts)
    return json_response(answer, headers=dpop.nonce_headers(server.issuer))
