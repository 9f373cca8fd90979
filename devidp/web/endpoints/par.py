"""The pushed authorization request endpoint (RFC 9126)."""

from devidp.protocol import Server, dpop
from devidp.web.context import Context
from devidp.web.response import Response, json_response


def par(server: Server, context: Context) -> Response:
    reference, lifetime = server.engine.push(context.request.form_parameters(), context.request.headers, context.facts)
    context.facts.outcome = "pushed"
    answer = {"request_uri": reference, "expires_in": lifetime}
    return json_response(answer, 201, headers=dpop.nonce_headers(server.issuer))
