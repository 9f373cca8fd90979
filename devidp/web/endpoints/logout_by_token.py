"""Logout without a browser, as Keycloak has it: a client shows its refresh token, and the session of that ends."""

from __future__ import annotations

from devidp.issuer import logout
from devidp.oauth.errors import InvalidGrant, InvalidRequest, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server
from devidp.web.context import Context
from devidp.web.response import NO_STORE, Response


def logout_by_token(server: Server, context: Context, form: Parameters) -> Response:
    """204, also where the session has ended before."""
    issuer, context.program = server.issuer, True
    form.refuse_repeated()
    if not issuer.settings.logout_by_refresh_token:
        raise InvalidRequest(
            "refresh_token came, and this issuer ends sessions in browsers only",
            remedy="Set 'logout: {refresh_token: true}' for the issuer in the seed, send the browser here without it, "
            "or revoke the token",
            section="OpenID Connect RP-Initiated Logout section 2",
        )
    client = server.engine.client_of(form, context.request.headers, context.facts)
    record = issuer.find_refresh_token(form["refresh_token"])
    if record is None or record.client_id != client.client_id:
        whose = "is not known to this issuer" if record is None else f"was issued to client {quoted(record.client_id)}"
        raise InvalidGrant(
            f"The refresh token {whose}",
            remedy=f"Send one that client {quoted(client.client_id)} got here",
        )
    context.facts.user = record.username
    sid = issuer.store.grants.session_of(record.grant_id)
    issuer.store.grants.end(record.grant_id)  # it may be for offline access, or of no session
    if sid:
        logout.end(issuer, record.username, sid)
    context.facts.outcome = "logged out"
    return Response(status=204, headers=NO_STORE)
