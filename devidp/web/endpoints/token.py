"""The token endpoint (OAuth 2.1 section 3.2)."""

from devidp.messages import Reply, json_reply
from devidp.protocol import Server, dpop
from devidp.web.endpoints.exchange import Exchange


def token(server: Server, exchange: Exchange) -> Reply:
    answer = server.token_response(exchange.form(), exchange.headers, exchange.facts)
    return json_reply(answer, headers=dpop.nonce_headers(server.issuer))
