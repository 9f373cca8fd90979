"""The public keys: as a JWK Set (RFC 7517 section 5), and as certificates."""

from devidp.protocol import Server
from devidp.web.context import Context
from devidp.web.response import Response, document_response


def jwks(server: Server, context: Context) -> Response:
    return document_response(server.issuer.keys.document(), context.request, "application/jwk-set+json")


def certificates(server: Server, context: Context) -> Response:
    return document_response(server.issuer.keys.certificates(), context.request, "application/json")
