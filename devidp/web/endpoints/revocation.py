"""Token revocation (RFC 7009)."""

from __future__ import annotations

from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth.errors import InvalidGrant, quoted
from devidp.protocol import Server
from devidp.web.context import Context
from devidp.web.response import Response

SECTION = "RFC 7009 section 2.1"


def revoke(server: Server, context: Context) -> Response:
    """200 also for a token that is unknown or invalid already; the hint only speeds others up, so it is not needed."""
    form = context.request.form_parameters()
    form.refuse_repeated()
    client = server.engine.client_of(form, context.request.headers, context.facts)
    token = form.required("token", SECTION)
    revoked = _revoke_refresh(server.issuer, client, token) or _revoke_access(server.issuer, client, token)
    context.facts.outcome = revoked or "nothing to revoke"
    return Response(headers={"Cache-Control": "no-store"})


def _revoke_refresh(issuer: Issuer, client: Client, token: str) -> str:
    record = issuer.store.find_refresh_token(token)
    if record is None:
        return ""
    _check_owner(client, record.client_id)
    # RFC 7009 section 2.1: access tokens of the same authorization go with it
    issuer.store.revoke(record.grant_id, issuer.clock.seconds() + issuer.longest_lifetime)
    return "refresh token and its access tokens revoked"


def _revoke_access(issuer: Issuer, client: Client, token: str) -> str:
    claims: dict[str, Any] | None = issuer.read_access_token(token)
    if claims is None:
        return ""
    _check_owner(client, claims["client_id"])
    issuer.store.revoke(claims["jti"], claims["exp"])
    return "access token revoked"


def _check_owner(client: Client, owner: str) -> None:
    if client.client_id != owner:
        raise InvalidGrant(
            f"The token was issued to client {quoted(owner)}, not to {quoted(client.client_id)}",
            remedy="Revoke a token with the client that got it",
            section=SECTION,
        )
