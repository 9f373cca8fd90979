"""The authorization endpoint (OAuth 2.1 section 3.1)."""

from devidp.endpoints.browser import Browser, Transaction
from devidp.endpoints.exchange import Exchange
from devidp.endpoints.interaction import Interaction
from devidp.messages import Reply
from devidp.protocol import Server


def authorize(server: Server, exchange: Exchange) -> Reply:
    """GET changes nothing that matters: some clients fetch the address themselves before a browser opens it."""
    parameters = exchange.form() if exchange.request.method == "POST" else exchange.query()
    transaction = Transaction(server.asked(parameters), server.issuer.clock.seconds())
    return Interaction(server, exchange, Browser(server.issuer, exchange), transaction).proceed()
