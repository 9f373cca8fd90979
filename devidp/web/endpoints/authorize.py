"""The authorization endpoint (OAuth 2.1 section 3.1)."""

from devidp.messages import Reply
from devidp.protocol import Server
from devidp.web.endpoints.browser import Browser, Transaction
from devidp.web.endpoints.exchange import Exchange
from devidp.web.endpoints.interaction import Interaction


def authorize(server: Server, exchange: Exchange) -> Reply:
    """GET changes nothing that matters: some clients fetch the address themselves before a browser opens it."""
    parameters = exchange.form() if exchange.request.method == "POST" else exchange.query()
    transaction = Transaction(server.resolve(parameters), server.issuer.clock.seconds())
    return Interaction(server, exchange, Browser(server.issuer, exchange), transaction).proceed()
