"""The authorization endpoint (OAuth 2.1 section 3.1)."""

from devidp.protocol import Server
from devidp.web.context import Context
from devidp.web.endpoints.browser import Browser, Transaction
from devidp.web.endpoints.interaction import Interaction
from devidp.web.response import Response


def authorize(server: Server, context: Context) -> Response:
    """GET changes nothing that matters: some clients fetch the address themselves before a browser opens it."""
    parameters = (
        context.request.form_parameters() if context.request.method == "POST" else context.request.query_parameters()
    )
    transaction = Transaction(server.asked(parameters), server.issuer.clock.seconds())
    return Interaction(server, context, Browser(server.issuer, context), transaction).proceed()
