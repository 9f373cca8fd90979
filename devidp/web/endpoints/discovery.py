"""Discovery: one document for OpenID Connect Discovery and RFC 8414, derived from what the issuer really does."""

from __future__ import annotations

import json
from typing import Any

from devidp.models.addresses import Addresses
from devidp.oauth import names
from devidp.protocol import Server, server_metadata
from devidp.system.urls import is_at
from devidp.web.context import Context
from devidp.web.endpoints.table import ENDPOINTS
from devidp.web.response import Response, document_response

SUPPORT = {
    names.CLIENT_DOCUMENTS: {"client_id_metadata_document_supported": True},
    names.BACKCHANNEL_LOGOUT: {"backchannel_logout_supported": True, "backchannel_logout_session_supported": True},
    names.FRONTCHANNEL_LOGOUT: {"frontchannel_logout_supported": True, "frontchannel_logout_session_supported": True},
}


def discovery(server: Server, context: Context) -> Response:
    """The same bytes at every address of the document, so that no client sees another server than the next."""
    issuer, host = server.issuer, context.request.host
    # a caller that reaches the issuer by its second base gets addresses below that
    document = metadata(server, next((each for each in issuer.reached if is_at(each.root, host)), None))
    body = json.dumps(document, separators=(",", ":")).encode()
    return document_response(body, context.request, "application/json")


def metadata(server: Server, reached: Addresses | None = None) -> dict[str, Any]:
    """The metadata of RFC 8414 section 2, OpenID Connect Discovery section 3, RFC 7636 and RFC 9207.

    Who reaches the issuer at other addresses gets those, but for what browsers are sent to.
    """
    issuer = server.issuer
    document: dict[str, Any] = {"issuer": issuer.url}
    for each in ENDPOINTS.values():
        if each.metadata and each.enabled(issuer):
            at = issuer.addresses if each.frontchannel or reached is None else reached
            document[each.metadata] = at.of(each.name)
    document |= {
        "scopes_supported": list(issuer.seed.scopes),
        "code_challenge_methods_supported": ["S256", "plain"] if issuer.settings.pkce_plain else ["S256"],
        "subject_types_supported": ["public", "pairwise"] if issuer.supports(names.PAIRWISE) else ["public"],
        "claims_supported": _claims(server),
        **server_metadata.metadata(issuer),
    }
    for feature, members in SUPPORT.items():
        if issuer.supports(feature):
            document |= members
    return {name: value for name, value in {**document, **issuer.settings.metadata}.items() if value is not None}


def _claims(server: Server) -> list[str]:
    own = ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "c_hash", "sid"]
    released = (claim for scope in server.issuer.seed.scopes.values() for claim in scope.claims)
    return list(dict.fromkeys([*own, *released]))
