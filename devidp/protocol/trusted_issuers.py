"""The issuers whose assertions are accepted, and the keys that they sign with."""

from __future__ import annotations

from functools import partial
from typing import Any

from joserfc.jwk import KeySet

from devidp.issuer.issuer import Issuer
from devidp.models import TrustedIssuer, User
from devidp.oauth import jwk_set, names
from devidp.oauth.errors import as_text, quoted
from devidp.oauth.jwk_set import Key
from devidp.protocol import client_keys
from devidp.protocol.client_keys import NotVerified
from devidp.system.fetch import Reach


def verify(issuer: Issuer, assertion: str, *types: str) -> tuple[dict[str, Any], TrustedIssuer]:
    """The claims of an assertion of one of ``types`` that a trusted issuer has signed; raises Problem."""
    _, claims = client_keys.parse_unverified(assertion)
    name = _name(issuer, claims.get("iss"))
    found = client_keys.verify(
        assertion, types, names.KEY_ALGORITHMS, f"issuer {quoted(claims['iss'])}", partial(_candidates, issuer, name)
    )
    return found, issuer.settings.trusted_issuers[name]


def find_user(issuer: Issuer, claims: dict[str, Any], trusted: TrustedIssuer) -> User:
    """The user that ``claims`` identify; raises NotVerified where there is none."""
    claim = "email" if trusted.match == "email" else "sub"
    value = claims.get(claim)
    found = None
    if isinstance(value, str):
        match trusted.match:
            case "sub":
                found = issuer.user_by_sub(value)
            case "username":
                found = issuer.user(value)
            case "email":
                users = issuer.settings.users.values()
                found = next((user for user in users if user.claims.get("email") == value), None)
    if found is None:
        raise NotVerified(
            f"{claim} is {quoted(value)}, and no user of this issuer has that {trusted.match}",
            "Add the user to the seed, or change 'match' of the trusted issuer",
        )
    return found


def _name(issuer: Issuer, url: Any) -> str:
    for name in issuer.settings.trusted_issuers:
        if name in (url, issuer.sibling_called(url)):
            return name
    raise NotVerified(
        f"iss is {quoted(url)}, and this issuer trusts: {' '.join(issuer.settings.trusted_issuers) or 'none'}",
        "Add it under 'trusted_issuers' of the issuer in the seed",
        got=as_text(url),
        expected=issuer.settings.trusted_issuers,
    )


def _candidates(issuer: Issuer, name: str, algorithm: str, kid: object) -> list[Key]:
    found = jwk_set.candidates(_keys(issuer, name, again=False), algorithm, kid)
    return found or jwk_set.candidates(_keys(issuer, name, again=True), algorithm, kid)


def _keys(issuer: Issuer, name: str, *, again: bool) -> KeySet:
    trusted = issuer.settings.trusted_issuers[name]
    if trusted.jwks is not None:
        return jwk_set.parse(trusted.jwks)
    if trusted.jwks_uri is None:
        return issuer.host.key_set(name)
    reach = Reach(loopback=True, private=issuer.settings.fetch_private_addresses)
    return client_keys.fetch_keys(issuer, trusted.jwks_uri, reach, again=again)
