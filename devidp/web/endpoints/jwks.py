"""The JWK Set (RFC 7517 section 5)."""

from devidp.protocol import Server
from devidp.web.context import Context
from devidp.web.response import Response, document_response


def jwks(server: Server, context: Context) -> Response:
    return document_response(server.issuer.keys.document(), context.request, "application/jwk-set+json")
