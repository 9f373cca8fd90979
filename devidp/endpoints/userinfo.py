"""The UserInfo endpoint (OpenID Connect Core section 5.3)."""

from __future__ import annotations

from flask import Response

from devidp.endpoints.exchange import FORM_TYPE, Exchange, json_response
from devidp.endpoints.registry import endpoint
from devidp.issuer import flow_of, grant_of
from devidp.oauth import names, scope
from devidp.oauth.errors import InsufficientScope, InvalidRequest, InvalidToken
from devidp.oauth.parameters import Parameters
from devidp.protocol import Server


@endpoint("userinfo", "/userinfo", ("GET", "POST"), metadata="userinfo_endpoint", feature=names.USERINFO, cors=True)
def userinfo(server: Server, exchange: Exchange) -> Response:
    claims = server.issuer.read_access_token(_presented(exchange))
    if claims is None:
        raise InvalidToken(
            f"The access token is not one of issuer {server.issuer.url}, or it has expired or was revoked",
            remedy="Get a new one; `devidp` prints why each token was issued and revoked",
        )
    exchange.facts.client = claims["client_id"]
    exchange.facts.flow = flow_of(grant_of(claims["jti"]))
    granted = scope.parse(claims["scope"])
    user = server.issuer.user_by_sub(claims["sub"])
    if "openid" not in granted:
        raise InsufficientScope(
            f"The access token has the scope '{claims['scope']}', UserInfo needs openid",
            remedy="Ask for the scope openid at the authorization endpoint",
            section="OpenID Connect Core section 5.3",
        )
    if user is None or user.disabled:
        raise InvalidToken("The user of the access token is disabled or gone", remedy="Log in as another user")
    exchange.facts.user = user.username
    return json_response(server.issuer.released_claims(user, granted))


def _presented(exchange: Exchange) -> str:
    header = exchange.bearer_token()
    form = exchange.form() if exchange.request.mimetype == FORM_TYPE else Parameters()
    form.refuse_repeated()
    body = form.get("access_token")
    if header and body:
        raise InvalidRequest(
            "An access token came in the Authorization header and in the body",
            remedy="Send it in one place",
            section="RFC 6750 section 2",
        )
    token = header or body
    if token is None:
        raise InvalidToken(
            "No access token came",
            remedy="Send 'Authorization: Bearer TOKEN'",
            section="RFC 6750 section 2.1",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return token
