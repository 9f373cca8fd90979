"""The token endpoint (OAuth 2.1 section 3.2)."""

from devidp.protocol import Server, dpop
from devidp.web.context import Context
from devidp.web.response import Response, json_response


def token(server: Server, context: Context) -> Response:
    request = context.request
    address = request.remote_addr or ""
    answer = server.engine.token_response(request.form_parameters(), request.headers, context.facts, address)
    return json_response(answer, headers=dpop.nonce_headers(server.issuer))
