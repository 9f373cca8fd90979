"""Identity assertions for another issuer (draft-ietf-oauth-identity-assertion-authz-grant), given for a login here."""

from __future__ import annotations

from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.keys import tokens
from devidp.models import Authorization, Client
from devidp.oauth import names, resource, scope
from devidp.oauth.errors import InvalidScope, InvalidTarget, quoted
from devidp.oauth.identifiers import token_id
from devidp.oauth.parameters import Parameters
from devidp.oauth.redirect_uri import split

DRAFT = "draft-ietf-oauth-identity-assertion-authz-grant"
SECTION = f"{DRAFT} section 4.3"
HEADER_TYPE = "oauth-id-jag+jwt"
LIFETIME = 300
SUBJECTS = (names.ID_TOKEN_TYPE, names.REFRESH_TOKEN_TYPE)
"""What proves a login to the client that presents it: an access token may be another client's."""


def issue(issuer: Issuer, authorization: Authorization, resources: tuple[str, ...]) -> dict[str, Any]:
    """The response with an assertion of the user of ``authorization`` for the issuer that is its audience."""
    claims = _claims(issuer, authorization, resources)
    return {
        "access_token": tokens.sign(tokens.draft(HEADER_TYPE, claims, issuer.keys.active)),
        "issued_token_type": names.ID_JAG_TYPE,
        "token_type": "N_A",
        "expires_in": LIFETIME,
        "scope": claims["scope"],
    }


def _claims(issuer: Issuer, authorization: Authorization, resources: tuple[str, ...]) -> dict[str, Any]:
    user, audience, now = authorization.user, authorization.audience[0], issuer.clock.seconds()
    assert user is not None
    claims: dict[str, Any] = {
        "iss": issuer.url,
        # what the other issuer would get in an ID token, whatever the client knows the user by
        "sub": user.sub,
        "aud": audience,
        "client_id": _client_id_at(issuer, authorization.client, audience),
        "jti": token_id(None),
        "iat": now,
        "exp": now + LIFETIME,
        "scope": scope.join(authorization.scope),
    }
    optional = {
        "resource": resources[0] if len(resources) == 1 else list(resources) or None,
        "auth_time": authorization.auth_time,
        "acr": authorization.acr,
        "amr": list(authorization.amr) or None,
        "act": authorization.actor,
        "cnf": authorization.jkt and {"jkt": authorization.jkt},
        "email": user.claims.get("email"),
        "tenant_id": user.claims.get("tenant_id"),
    }
    return claims | {name: value for name, value in optional.items() if value is not None}


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


def resources(parameters: Parameters) -> tuple[str, ...]:
    """The resources that the assertion is for: whether there are such is for the other issuer to say."""
    named = parameters.all("resource")
    for uri in named:
        if why := resource.problem(uri):
            raise InvalidTarget(f"The resource {quoted(uri)} is refused: {why}", remedy="Send an absolute URI")
    return named


def check_scope(granted: tuple[str, ...]) -> None:
    """Raise InvalidScope where an assertion would set no bound."""
    if not granted:
        raise InvalidScope(
            "scope is missing, and the client has no default scopes; an assertion says what it is good for",
            remedy="Send scope, or set default_scopes of the client in the seed",
        )


def _client_id_at(issuer: Issuer, client: Client, url: str) -> str:
    """What the issuer at ``url`` knows the client by: its registration there is another one."""
    siblings = {each.name for each in issuer.seed.issuers}
    for name, client_id in client.client_ids.items():
        if resource.find([issuer.sibling(name) if name in siblings else name], url) is not None:
            return client_id
    return client.client_id
