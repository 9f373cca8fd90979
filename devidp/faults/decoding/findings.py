"""What a strict resource server would say of a token that can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from devidp.faults.decoding.expected import REQUIRED, RFC_9068, Expected
from devidp.faults.decoding.parts import Finding
from devidp.oauth import token_type
from devidp.oauth.numeric_date import is_date
from devidp.system import durations

DAY = 86400


def header_findings(
    header: Mapping[str, Any], algorithms: frozenset[str], expected: str = RFC_9068.typ
) -> Iterator[Finding]:
    algorithm, typ = header.get("alg"), header.get("typ")
    if not isinstance(algorithm, str):
        yield Finding("alg", "The header does not say the algorithm", "alg-missing")
    elif algorithm.lower() == "none":
        yield Finding("alg", "alg is none: the token is not signed", "alg-none")
    elif algorithms and algorithm not in algorithms:
        sentence = f"alg is {algorithm}, and the issuer signs with {', '.join(sorted(algorithms))}"
        yield Finding("alg", sentence, _algorithm_fault(algorithm, algorithms))
    if "crit" in header:
        yield Finding("crit", "crit requires extensions that no verifier knows", "crit-unknown")
    if typ is None and expected != "none":
        yield Finding("typ", f"typ is missing, expected {expected}", "typ-missing")
    elif typ is not None and not token_type.matches(typ, expected):
        id_token = ": it may be an ID token" if expected == RFC_9068.typ else ""
        yield Finding("typ", f"typ is {typ}, expected {expected}{id_token}", "typ-wrong")


def _algorithm_fault(algorithm: str, algorithms: frozenset[str]) -> str:
    if algorithm.upper() in {each.upper() for each in algorithms}:
        return "alg-lower-case"
    if algorithm.startswith("HS"):
        return "alg-hs256-public-pem"
    return f"alg-{algorithm.lower()}" if algorithm in ("RS384", "PS256", "ES256") else "alg-unknown"


def kind_findings(claims: Mapping[str, Any]) -> Iterator[Finding]:
    """What a token says of its kind in its claims, as Keycloak has it."""
    if claims.get("typ") in ("Refresh", "Offline"):
        yield Finding("typ", f"typ is {claims['typ']}: a refresh token, which is for its issuer only", "refresh-token")


def claim_findings(
    claims: Mapping[str, Any], now: float, issuer: str | None, expected: Expected = RFC_9068
) -> Iterator[Finding]:
    names = expected.names
    for name in REQUIRED:
        if name in names and names[name] not in claims:
            fault = {"iss": "issuer", "aud": "audience"}.get(name, name).replace("_", "-")
            yield Finding(names[name], f"{names[name]} is missing", f"{fault}-missing")
    yield from _times(claims, now)
    if issuer is not None and "iss" in claims and claims["iss"] != issuer:
        yield _issuer(claims["iss"], issuer)
    if "aud" in claims and not _is_audience(claims["aud"]):
        yield Finding("aud", "aud is neither a string nor an array of strings", "audience-number")
    elif "aud" in claims and claims["aud"] == claims.get("azp", claims.get("client_id")):
        yield Finding("aud", "aud is the client, as in an ID token", "audience-client-id")
    for name in ("sub", "client_id"):
        said = names.get(name, name)
        if said in claims and (not isinstance(claims[said], str) or not claims[said]):
            yield Finding(said, f"{said} is not a non-empty string", f"{name.replace('_', '-')}-number")
    if "scope" in names:
        yield from _scope(claims, names["scope"])


def _scope(claims: Mapping[str, Any], name: str) -> Iterator[Finding]:
    kinds = str if name == "scope" else str | list
    if not isinstance(claims.get(name), kinds) or not claims[name]:
        elsewhere = "; scp is there, as other vendors have it" if "scp" in claims and name != "scp" else ""
        fault = "scope-missing" if name not in claims else "scope-empty"
        yield Finding("scope", f"It carries no scope that can be read{elsewhere}", fault)


def _times(claims: Mapping[str, Any], now: float) -> Iterator[Finding]:
    for name in ("exp", "nbf", "iat"):
        value = claims.get(name)
        if name in claims and not is_date(value):
            fault = f"{name}-null" if value is None and name == "exp" else f"{name}-string"
            yield Finding(name, f"{name} is not a number of seconds", fault)
    exp, iat, nbf = (claims[name] if is_date(claims.get(name)) else None for name in ("exp", "iat", "nbf"))
    if exp is not None and exp <= now:
        fault = next((f"expired-{limit}s" for limit in (10, 30, 61) if now - exp <= limit), "expired")
        yield Finding("exp", f"It expired {words(now - exp)} ago", fault)
    elif exp is not None and exp - now > DAY:
        fault = "exp-milliseconds" if exp > 100 * now else "lifetime-30-days"
        yield Finding("exp", f"It lives for {words(exp - now)} more, and a bearer token should be short-lived", fault)
    if nbf is not None and nbf > now:
        yield Finding("nbf", f"It is not valid before {words(nbf - now)} from now", "nbf-future")
    if iat is not None and iat > now:
        yield Finding("iat", f"It says that it is issued in {words(iat - now)}", "iat-future")


def _issuer(issuer: object, expected: str) -> Finding:
    why, fault = "", "issuer-wrong"
    if not isinstance(issuer, str):
        fault = "issuer-array" if isinstance(issuer, list) else "issuer-number"
    elif issuer.rstrip("/") == expected.rstrip("/"):
        why, fault = ": they differ in a slash at the end", "issuer-trailing-slash"
    elif issuer.partition("://")[2] == expected.partition("://")[2]:
        why, fault = ": they differ in the scheme", "issuer-scheme"
    elif issuer.lower() == expected.lower():
        why, fault = ": they differ in case", "issuer-host-case"
    return Finding("iss", f"iss is {issuer}, and these keys are of {expected}{why}", fault)


def _is_audience(value: object) -> bool:
    values = value if isinstance(value, list) and value else [value]
    return all(isinstance(each, str) and each for each in values)


def words(seconds: float) -> str:
    """A span in words, in the two largest units."""
    whole = int(seconds)
    unit = 3600 if whole >= DAY else 60 if whole >= 3600 else 1
    return durations.words(whole - whole % unit)
