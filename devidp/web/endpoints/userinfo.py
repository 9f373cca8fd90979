"""The UserInfo endpoint (OpenID Connect Core section 5.3)."""

from __future__ import annotations

from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names, scope
from devidp.oauth.errors import InsufficientScope, InvalidToken
from devidp.oauth.identifiers import flow_of, grant_of
from devidp.protocol import Server, dpop
from devidp.web.context import Context
from devidp.web.endpoints.access_token import token_claims
from devidp.web.response import NO_STORE, Response, json_response


def userinfo(server: Server, context: Context) -> Response:
    claims = token_claims(server.issuer, context, "userinfo")
    context.facts.client = claims["client_id"]
    context.facts.flow = flow_of(grant_of(claims))
    client, user = server.issuer.client(claims["client_id"]), server.issuer.user_of(claims)
    if "openid" not in scope.parse(claims["scope"]):
        raise InsufficientScope(
            f"The access token has the scope '{claims['scope']}', UserInfo needs openid",
            remedy="Ask for the scope openid at the authorization endpoint",
            section="OpenID Connect Core section 5.3",
        )
    if client is None or user is None or user.disabled:
        raise InvalidToken("The user of the access token is disabled or gone", remedy="Log in as another user")
    context.facts.user = user.username
    return _answer(server.issuer, client, server.issuer.userinfo(user, client, claims))


def _answer(issuer: Issuer, client: Client, answer: dict[str, Any]) -> Response:
    """Plain, or as a JWT where the client has registered for it (OpenID Connect Core section 5.3.2)."""
    headers, algorithm = dpop.nonce_headers(issuer), client.userinfo_signed_response_alg
    if algorithm is None or not issuer.supports(names.SIGNED_USERINFO):
        return json_response(answer, headers=headers)
    signed = issuer.signed_answer("JWT", algorithm, client, answer)
    return Response(signed, headers={"Content-Type": "application/jwt", **NO_STORE, **headers})
