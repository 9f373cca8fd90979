"""Identity assertions for another issuer (draft-ietf-oauth-identity-assertion-authz-grant), given for a login here."""

from __future__ import annotations

from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.keys import tokens
from devidp.models import Client
from devidp.oauth import names, resource
from devidp.oauth.errors import InvalidTarget, quoted
from devidp.oauth.identifiers import token_id
from devidp.oauth.parameters import Parameters
from devidp.oauth.redirect_uri import split

SECTION = "draft-ietf-oauth-identity-assertion-authz-grant section 4.3"
HEADER_TYPE = "oauth-id-jag+jwt"
LIFETIME = 300


def issue(issuer: Issuer, client: Client, subject: dict[str, Any], parameters: Parameters) -> dict[str, Any]:
    """The response with an assertion of the user of ``subject`` for the issuer that ``audience`` names."""
    audience = _audience(parameters)
    now = issuer.clock.seconds()
    claims: dict[str, Any] = {
        "iss": issuer.url,
        "sub": subject["sub"],
        "aud": audience,
        "client_id": _client_id_at(issuer, client, audience),
        "jti": token_id(None),
        "iat": now,
        "exp": now + LIFETIME,
    }
    resources = parameters.all("resource")
    if resources:
        claims["resource"] = resources[0] if len(resources) == 1 else list(resources)
    if "scope" in parameters:
        claims["scope"] = parameters["scope"]
    user = issuer.user_of(subject)
    known = {} if user is None else user.claims
    claims |= {name: known[name] for name in ("email", "tenant_id") if name in known}
    claims |= {name: subject[name] for name in ("auth_time", "acr", "amr") if name in subject}
    response = {
        "access_token": tokens.sign(tokens.draft(HEADER_TYPE, claims, issuer.keys.active)),
        "issued_token_type": names.ID_JAG_TYPE,
        "token_type": "N_A",
        "expires_in": LIFETIME,
    }
    return response | ({"scope": claims["scope"]} if "scope" in claims else {})


def _audience(parameters: Parameters) -> str:
    named = parameters.all("audience")
    parts = split(named[0]) if len(named) == 1 else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidTarget(
            f"audience is {quoted(' '.join(named))}, expected the issuer of one authorization server",
            remedy="Send as audience the issuer whose access token is wanted, and the server it is for as resource",
            section=SECTION,
        )
    return named[0]


def _client_id_at(issuer: Issuer, client: Client, audience: str) -> str:
    """What the issuer at ``audience`` knows the client by: its registration there is another one."""
    siblings = {each.name for each in issuer.seed.issuers}
    for name, client_id in client.client_ids.items():
        url = issuer.sibling(name) if name in siblings else name
        if resource.find([url], audience) is not None:
            return client_id
    return client.client_id
