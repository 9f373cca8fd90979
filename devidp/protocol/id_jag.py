"""Identity assertions for another issuer (draft-ietf-oauth-identity-assertion-authz-grant), given for a login here."""

from __future__ import annotations

from typing import Any

from devidp.issuer.drafts import ID_JAG_LIFETIME
from devidp.issuer.issuer import Issuer
from devidp.keys import tokens
from devidp.models import Authorization
from devidp.oauth import names, resource
from devidp.oauth.errors import InvalidScope, InvalidTarget, quoted
from devidp.oauth.parameters import Parameters
from devidp.oauth.redirect_uri import split

DRAFT = "draft-ietf-oauth-identity-assertion-authz-grant"
SECTION = f"{DRAFT} section 4.3"
HEADER_TYPE = tokens.ID_JAG_TYPE
SUBJECTS = (names.ID_TOKEN_TYPE, names.REFRESH_TOKEN_TYPE)
"""What proves a login to the client that presents it: an access token may be another client's."""


def issue(issuer: Issuer, authorization: Authorization, resources: tuple[str, ...]) -> dict[str, Any]:
    """The response with an assertion of the user of ``authorization`` for the issuer that is its audience."""
    draft = issuer.id_jag_draft(authorization, resources)
    return {
        "access_token": issuer.sign(draft, "id-jag", authorization),
        "issued_token_type": names.ID_JAG_TYPE,
        "token_type": "N_A",
        "expires_in": ID_JAG_LIFETIME,
        "scope": draft.claims["scope"],
    }


def audience(issuer: Issuer, parameters: Parameters) -> str:
    """The issuer that the assertion is for; raises InvalidTarget."""
    named = parameters.all("audience")
    parts = split(named[0]) if len(named) == 1 else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidTarget(
            f"audience is {quoted(' '.join(named))}, expected the issuer of one authorization server",
            remedy="Send as audience the issuer whose access token is wanted, and the server it is for as resource",
            section=SECTION,
        )
    if resource.find(issuer.urls, named[0]) is not None:
        raise InvalidTarget(
            f"audience is {quoted(named[0])}, which is this issuer, expected another one",
            remedy="Ask for an access token: leave requested_token_type out, and send the server it is for as resource",
            section=f"{DRAFT} section 8.3",
        )
    return named[0]


def resources(issuer: Issuer, parameters: Parameters) -> tuple[str, ...]:
    """The resources that the assertion is for: whether there are such is for the other issuer to say."""
    named = parameters.all("resource")
    for uri in named:
        if uri not in issuer.seed.resources and (why := resource.problem(uri)):
            raise InvalidTarget(
                f"The resource {quoted(uri)} is refused: {why}",
                remedy="Send an absolute URI, or a name that the seed has under 'resources'",
            )
    return named


def check_scope(granted: tuple[str, ...]) -> None:
    """Raise InvalidScope where an assertion would set no bound."""
    if not granted:
        raise InvalidScope(
            "scope is missing, and the client has no default scopes; an assertion says what it is good for",
            remedy="Send scope, or set default_scopes of the client in the seed",
        )
