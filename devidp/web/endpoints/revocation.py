"""Token revocation (RFC 7009)."""

from __future__ import annotations

from functools import partial

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth.errors import InvalidGrant, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server
from devidp.web.context import Context
from devidp.web.endpoints.token_type_hint import look_up
from devidp.web.response import Response

SECTION = "RFC 7009 section 2.1"


def revoke(server: Server, context: Context) -> Response:
    """200 also for a token that is unknown."""
    form, client = _asked(server, context)
    access, refresh = partial(_revoke_access, server.issuer, client), partial(_revoke_refresh, server.issuer, client)
    revoked = look_up(form, context.facts, SECTION, refresh_token=refresh, access_token=access)
    context.facts.outcome = revoked or "nothing to revoke"
    return Response(headers={"Cache-Control": "no-store"})


def _asked(server: Server, context: Context) -> tuple[Parameters, Client | None]:
    """The parameters, and the client; ``None`` for whoever has the token, where the issuer allows that."""
    request, engine, is_open = context.request, server.engine, server.issuer.settings.open_revocation
    in_query = is_open and request.query_string and not request.body
    form = request.query_parameters() if in_query else request.form_parameters()
    form.refuse_repeated()
    client_of = engine.shown_client if is_open else engine.client_of
    return form, client_of(form, request.headers, context.facts)


def _revoke_refresh(issuer: Issuer, client: Client | None, token: str) -> str | None:
    record = issuer.find_refresh_token(token)
    if record is None:
        return None
    _check_owner(client, record.client_id)
    # RFC 7009 section 2.1: access tokens of the same authorization go with it
    issuer.store.grants.end(record.grant_id)
    return "refresh token and its access tokens revoked"


def _revoke_access(issuer: Issuer, client: Client | None, token: str) -> str | None:
    # one that has expired or has not begun may be good after the clock is moved
    claims = issuer.issued_access_token(token)
    if claims is None:
        return None
    _check_owner(client, claims["client_id"])
    issuer.store.revoke(claims["jti"], int(claims["exp"]))
    return "access token revoked"


def _check_owner(client: Client | None, owner: str) -> None:
    if client is not None and client.client_id != owner:
        raise InvalidGrant(
            f"The token was issued to client {quoted(owner)}, not to {quoted(client.client_id)}",
            remedy="Revoke a token with the client that got it",
            section=SECTION,
        )
