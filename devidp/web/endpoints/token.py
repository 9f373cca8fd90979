"""The token endpoint (OAuth 2.1 section 3.2)."""

from devidp.protocol import Server, dpop
from devidp.web.context import Context
from devidp.web.response import Response, json_response


def token(server: Server, context: Context) -> Response:
    answer = server.engine.token_response(context.request.form_parameters(), context.request.headers, context.facts)
    return json_response(answer, headers=dpop.nonce_headers(server.issuer))
