"""The pushed authorization request endpoint (RFC 9126)."""

from flask import Response

from devidp.endpoints.exchange import Exchange, json_response
from devidp.protocol import Server


def par(server: Server, exchange: Exchange) -> Response:
    reference, lifetime = server.push(exchange.form(), exchange.headers, exchange.facts)
    exchange.facts.outcome = "pushed"
    return json_response({"request_uri": reference, "expires_in": lifetime}, 201)
