"""The access token of a request to a protected resource of the issuer: where it is, and whether it is valid."""

from __future__ import annotations

import hmac
from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.oauth import names
from devidp.oauth.errors import InvalidDpopProof, InvalidRequest, InvalidToken, OAuthError, UseDpopNonce
from devidp.oauth.parameters import Parameters
from devidp.protocol import dpop
from devidp.web.context import Context
from devidp.web.request import FORM_TYPE

BEARER_REMEDY = "Send 'Authorization: Bearer TOKEN'"
DPOP_REMEDY = "Send 'Authorization: DPoP TOKEN', and a proof under the key that the token was asked for with"


def token_claims(issuer: Issuer, context: Context, path: str) -> dict[str, Any]:
    """The claims of the presented token, which is valid and, where it is bound, comes with a proof for ``path``."""
    scheme, token = _presented(issuer, context)
    claims = issuer.read_access_token(token)
    if claims is None:
        raise InvalidToken(
            f"The access token is not one of issuer {issuer.url}, or it has expired, was revoked, or is not valid yet",
            remedy="Get a new one; `devidp` prints why each token was issued and revoked",
        )
    bound_to = claims.get("cnf", {}).get("jkt")
    if bound_to is not None or scheme == "dpop":
        _check_binding(issuer, context, dpop.Target(context.request.method, path, token), scheme, bound_to)
    return claims


def check_bearer(expected: str, context: Context, what: str, key: str, section: str) -> None:
    """Raise InvalidToken where the request lacks the bearer token that the ``key`` of the seed says."""
    presented = context.request.bearer_token()
    if presented is None or not hmac.compare_digest(presented.encode(), expected.encode()):
        received = "it has none" if presented is None else "it has another one"
        raise InvalidToken(
            f"{what} at this issuer needs the bearer token of the seed in the request; {received}",
            remedy=f"Send 'Authorization: Bearer TOKEN' with {key} of the seed",
            section=section,
            # RFC 6750 section 3.1: no error code where there is no token
            headers={"WWW-Authenticate": "Bearer"} if presented is None else None,
        )


def _presented(issuer: Issuer, context: Context) -> tuple[str, str]:
    scheme, _, credentials = context.request.headers.get("authorization", "").partition(" ")
    header = credentials.strip() if scheme.lower() in ("bearer", "dpop") else ""
    form = context.request.form_parameters() if context.request.mimetype == FORM_TYPE else Parameters()
    form.refuse_repeated()
    body = form.get("access_token")
    if header and body:
        raise InvalidRequest(
            "The access token is in the Authorization header and in the body",
            remedy="Send it in one place",
            section="RFC 6750 section 2",
        )
    token = header or body
    if not token:
        offered = f"Bearer, {_challenge()}" if issuer.supports(names.DPOP) else "Bearer"
        raise InvalidToken(
            "The request has no access token",
            remedy=BEARER_REMEDY,
            section="RFC 6750 section 2.1",
            headers={"WWW-Authenticate": offered},
        )
    return scheme.lower() if header else "bearer", token


def _check_binding(issuer: Issuer, context: Context, target: dpop.Target, scheme: str, bound_to: str | None) -> None:
    """RFC 9449 section 7.1: a bound token comes with a proof under its key, and a bearer token is not called DPoP."""
    try:
        if scheme != "dpop":
            raise InvalidToken("The access token is bound to a key, but was sent as a bearer token", remedy=DPOP_REMEDY)
        if bound_to is None:
            raise InvalidToken("The access token is a bearer token, but was sent as a bound one", remedy=BEARER_REMEDY)
        proven = dpop.prove(issuer, context.request.headers, target)
        if proven is None:
            raise InvalidDpopProof("The access token needs a DPoP proof", remedy="Send one in the header DPoP")
        if proven != bound_to:
            raise InvalidToken("The access token is bound to another key than the one proven", remedy=DPOP_REMEDY)
    except (InvalidToken, InvalidDpopProof, UseDpopNonce) as refusal:
        raise _challenged(refusal) from None


def _challenged(refusal: OAuthError) -> OAuthError:
    refusal.http_status = 401
    refusal.headers["WWW-Authenticate"] = (
        f'{_challenge()}, error="{refusal.code}", error_description="{refusal.description}"'
    )
    return refusal


def _challenge() -> str:
    return f'DPoP algs="{" ".join(names.KEY_ALGORITHMS)}"'
