"""The JWK Set (RFC 7517 section 5)."""

from devidp.messages import Reply
from devidp.protocol import Server
from devidp.web.endpoints.constant import constant_reply
from devidp.web.endpoints.exchange import Exchange


def jwks(server: Server, exchange: Exchange) -> Reply:
    return constant_reply(server.issuer.keys.document(), exchange.request, "application/jwk-set+json")
