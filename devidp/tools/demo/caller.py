"""From claims to a caller: the checks of RFC 9068 section 4 that need no key.

The answer of introspection passes them too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devidp.tools.demo.refusal import Forbidden, InvalidToken
from devidp.tools.demo.settings import Settings, TrustedIssuer

TENANT_CLAIM = "tenant_id"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, through which client, and what they may do."""

    sub: str
    client_id: str
    tenant: str
    scopes: frozenset[str]
    jti: str
    acr: str
    """The class of the login; empty where the token does not say it, or not how the user logged in."""
    login_age: float
    """Seconds since the login; infinite where the token does not say it."""


def caller_of(claims: Mapping[str, Any], issuer: TrustedIssuer, settings: Settings, now: float) -> Caller:
    """Raises InvalidToken, or Forbidden for another tenant."""
    _check_issuer(claims, issuer)
    _check_audience(claims, settings.resource)
    _check_times(claims, settings, now)
    if claims.get("token_use", "access") != "access":
        raise InvalidToken("token_use does not say access")
    if "cnf" in claims:
        # RFC 9449 section 7.1, RFC 8705 section 3: without its proof a bound token is nobody's
        raise InvalidToken("cnf binds the token to a key, and this server takes bearer tokens only")
    sub, client_id, jti = (_text(claims, name) for name in ("sub", "client_id", "jti"))
    acr, age = _acr(claims), _login_age(claims, settings, now)
    return Caller(sub, client_id, _tenant(claims, issuer), _scopes(claims), jti, acr, age)


def _check_issuer(claims: Mapping[str, Any], issuer: TrustedIssuer) -> None:
    if claims.get("iss") != issuer.url:
        raise InvalidToken(f"iss is not {issuer.url}")


def _check_audience(claims: Mapping[str, Any], resource: str) -> None:
    # a token that is good elsewhere too could be replayed by that other server
    if claims.get("aud") not in (resource, [resource]):
        raise InvalidToken(f"aud is not {resource} alone")


def _check_times(claims: Mapping[str, Any], settings: Settings, now: float) -> None:
    exp, iat = _instant(claims, "exp"), _instant(claims, "iat")
    if now - settings.leeway >= exp:
        raise InvalidToken("The token has expired")
    if iat > now + settings.leeway:
        raise InvalidToken("iat is in the future")
    if exp - iat > settings.max_lifetime:
        raise InvalidToken(f"The token lives longer than {settings.max_lifetime} seconds")
    if "nbf" in claims and _instant(claims, "nbf") > now + settings.leeway:
        raise InvalidToken("The token is not valid yet")


def _acr(claims: Mapping[str, Any]) -> str:
    """The class that ``amr`` bears out."""
    acr, amr = claims.get("acr", ""), claims.get("amr", [])
    if not isinstance(acr, str):
        raise InvalidToken("acr is not a string")
    if not isinstance(amr, list) or not all(isinstance(each, str) for each in amr):
        raise InvalidToken("amr is not an array of strings")
    return acr if amr else ""


def _login_age(claims: Mapping[str, Any], settings: Settings, now: float) -> float:
    if "auth_time" not in claims:
        return math.inf
    age = now - _instant(claims, "auth_time")
    if age < -settings.leeway:
        raise InvalidToken("auth_time is in the future")
    return age


def _instant(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidToken(f"{name} is missing or not a number")
    return value


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidToken(f"{name} is missing or not a string")
    return value


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """``scope`` as RFC 8693 section 4.2 has it; in any other form it gives nothing."""
    value = claims.get("scope")
    return frozenset(value.split(" ")) - {""} if isinstance(value, str) else frozenset()


def _tenant(claims: Mapping[str, Any], issuer: TrustedIssuer) -> str:
    if not issuer.tenants:
        return ""
    value = claims.get(TENANT_CLAIM)
    if not isinstance(value, str) or value not in issuer.tenants:
        raise Forbidden(f"{TENANT_CLAIM} is not a tenant of {issuer.url}")
    return value
