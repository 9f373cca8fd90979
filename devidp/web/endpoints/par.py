"""The pushed authorization request endpoint (RFC 9126)."""

from devidp.messages import Reply, json_reply
from devidp.protocol import Server
from devidp.web.endpoints.exchange import Exchange


def par(server: Server, exchange: Exchange) -> Reply:
    reference, lifetime = server.push(exchange.form(), exchange.headers, exchange.facts)
    exchange.facts.outcome = "pushed"
    return json_reply({"request_uri": reference, "expires_in": lifetime}, 201)
