"""What a strict resource server would say of a token that can be read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from devidp.faults.decoding.parts import Parts
from devidp.system import durations

DAY = 86400
REQUIRED = ("iss", "sub", "aud", "exp", "iat", "jti", "client_id")
"""RFC 9068 section 2.2."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; ``fault`` is the name of the fault that it looks like."""

    part: str
    sentence: str
    fault: str


def of_header(header: Mapping[str, Any], algorithms: frozenset[str]) -> Iterator[Finding]:
    algorithm, typ = header.get("alg"), header.get("typ")
    if not isinstance(algorithm, str):
        yield Finding("alg", "The header does not say the algorithm", "alg-missing")
    elif algorithm.lower() == "none":
        yield Finding("alg", "alg is none: nobody signed it", "alg-none")
    elif algorithms and algorithm not in algorithms:
        sentence = f"alg is {algorithm}, and the issuer signs with {', '.join(sorted(algorithms))}"
        yield Finding("alg", sentence, _algorithm_fault(algorithm, algorithms))
    if "crit" in header:
        yield Finding("crit", "crit asks for extensions that nobody knows", "crit-unknown")
    if typ is None:
        yield Finding("typ", "typ is missing, expected at+jwt", "typ-missing")
    elif str(typ).lower().removeprefix("application/") != "at+jwt":
        yield Finding("typ", f"typ is {typ}, expected at+jwt: it may be an ID token", "typ-wrong")


def _algorithm_fault(algorithm: str, algorithms: frozenset[str]) -> str:
    if algorithm.upper() in {each.upper() for each in algorithms}:
        return "alg-lower-case"
    if algorithm.startswith("HS"):
        return "alg-hs256-public-pem"
    return f"alg-{algorithm.lower()}" if algorithm in ("RS384", "PS256", "ES256") else "alg-unknown"


def of_claims(parts: Parts, now: float, issuer: str | None) -> Iterator[Finding]:
    claims = parts.claims
    for name in REQUIRED:
        if name not in claims:
            yield Finding(name, f"{name} is missing", _MISSING.get(name, f"{name.replace('_', '-')}-missing"))
    yield from _times(claims, now)
    if issuer is not None and "iss" in claims and claims["iss"] != issuer:
        yield _issuer(claims["iss"], issuer)
    if "aud" in claims and not _is_audience(claims["aud"]):
        yield Finding("aud", "aud is neither a string nor an array of strings", "audience-number")
    elif "aud" in claims and claims["aud"] == claims.get("azp", claims.get("client_id")):
        yield Finding("aud", "aud is the client, as in an ID token", "audience-client-id")
    for name in ("sub", "client_id"):
        if name in claims and (not isinstance(claims[name], str) or not claims[name]):
            yield Finding(name, f"{name} is not a string with characters in it", f"{name.replace('_', '-')}-number")
    if not isinstance(claims.get("scope"), str) or not claims["scope"]:
        yield Finding("scope", _scope(claims), "scope-missing" if "scope" not in claims else "scope-empty")


def _times(claims: Mapping[str, Any], now: float) -> Iterator[Finding]:
    for name in ("exp", "nbf", "iat"):
        value = claims.get(name)
        if name in claims and not is_date(value):
            fault = f"{name}-null" if value is None and name == "exp" else f"{name}-string"
            yield Finding(name, f"{name} is not a number of seconds", fault)
    exp, iat, nbf = (claims[name] if is_date(claims.get(name)) else None for name in ("exp", "iat", "nbf"))
    if exp is not None and exp <= now:
        yield Finding("exp", f"It expired {words(now - exp)} ago", _expired(now - exp))
    elif exp is not None and exp - now > DAY:
        fault = "exp-milliseconds" if exp > 100 * now else "lifetime-30-days"
        yield Finding("exp", f"It lives for {words(exp - now)} more, and a bearer token should be short-lived", fault)
    if nbf is not None and nbf > now:
        yield Finding("nbf", f"It is not valid before {words(nbf - now)} from now", "nbf-future")
    if iat is not None and iat > now:
        yield Finding("iat", f"It says that it is issued in {words(iat - now)}", "iat-future")


def _expired(seconds: float) -> str:
    return next((f"expired-{limit}s" for limit in (10, 30, 61) if seconds <= limit), "expired")


def _issuer(came: object, expected: str) -> Finding:
    sentence = f"iss is {came}, and these keys are of {expected}"
    if not isinstance(came, str):
        return Finding("iss", sentence, "issuer-array" if isinstance(came, list) else "issuer-number")
    if came.rstrip("/") == expected.rstrip("/"):
        return Finding("iss", f"{sentence}: they differ in a slash at the end", "issuer-trailing-slash")
    if came.partition("://")[2] == expected.partition("://")[2]:
        return Finding("iss", f"{sentence}: they differ in the scheme", "issuer-scheme")
    if came.lower() == expected.lower():
        return Finding("iss", f"{sentence}: they differ in case", "issuer-host-case")
    return Finding("iss", sentence, "issuer-wrong")


def _scope(claims: Mapping[str, Any]) -> str:
    elsewhere = "; scp is there, as other vendors have it" if "scp" in claims else ""
    return f"It carries no scope that can be read{elsewhere}"


def _is_audience(value: object) -> bool:
    values = value if isinstance(value, list) and value else [value]
    return all(isinstance(each, str) and each for each in values)


def is_date(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def words(seconds: float) -> str:
    """A span in words, in the two largest units."""
    whole = int(seconds)
    if whole >= DAY:
        return durations.words(whole - whole % 3600)
    return durations.words(whole - whole % 60 if whole >= 3600 else whole)


_MISSING = {"iss": "issuer-missing", "aud": "audience-missing"}
