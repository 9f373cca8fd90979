"""The JWK Set (RFC 7517 section 5)."""

from devidp.endpoints.constant import constant_reply
from devidp.endpoints.exchange import Exchange
from devidp.messages import Reply
from devidp.protocol import Server


def jwks(server: Server, exchange: Exchange) -> Reply:
    return constant_reply(server.issuer.keys.document(), exchange.request, "application/jwk-set+json")
