"""What a strict resource server would say of a token that can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from devidp.faults.decoding import kinds, likeness
from devidp.faults.decoding.expected import REQUIRED, RFC_9068, Expected
from devidp.faults.decoding.kinds import Kind
from devidp.faults.decoding.parts import Finding
from devidp.oauth import token_type
from devidp.oauth.numeric_date import is_date
from devidp.system import durations

DAY = 86400
_EXPECTED = (kinds.ACCESS, kinds.JWT)
"""What may be an access token."""
_CONFUSED = {kinds.ID: "id-token", kinds.REFRESH: "refresh-token", kinds.LOGOUT: "typ-logout-token"}
_LACKS = {
    kinds.ID: ("jti", "client_id", "scope"),
    kinds.LOGOUT: ("client_id", "scope"),
    kinds.ASSERTION: ("client_id", "scope"),
}


def header_findings(
    header: Mapping[str, Any], signature: str, algorithms: frozenset[str], kind: Kind, expected: str
) -> Iterator[Finding]:
    yield from _kind(header.get("typ"), kind, expected)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str):
        yield Finding("alg", "The header does not say the algorithm", "alg-missing")
    elif algorithm.lower() == "none":
        yield Finding("alg", "alg is none: the token is not signed", likeness.unsigned(algorithm, signature))
    elif algorithms and algorithm not in algorithms:
        sentence = f"alg is {algorithm}, and the issuer signs with {', '.join(sorted(algorithms))}"
        yield Finding("alg", sentence, likeness.algorithm(algorithm, algorithms))
    if "crit" in header:
        yield Finding(
            "crit",
            "crit requires extensions that no verifier knows",
            "crit-unknown" if header["crit"] else "crit-empty",
        )


def _kind(typ: object, kind: Kind, expected: str) -> Iterator[Finding]:
    if typ is None and expected != "none":
        yield Finding("typ", f"typ is missing, expected {expected}", _of_kind(kind, "typ-missing"))
    elif typ is not None and not token_type.matches(typ, expected):
        other = f": this is {kind.article} {kind.name}" if kind not in _EXPECTED else ""
        yield Finding("typ", f"typ is {typ}, expected {expected}{other}", _of_kind(kind, "typ-wrong"))
    elif kind not in _EXPECTED:
        yield Finding("kind", f"It is {kind.article} {kind.name}: {kind.purpose}", _of_kind(kind, "typ-wrong"))


def _of_kind(kind: Kind, otherwise: str) -> str:
    """The fault of a token of another kind."""
    return _CONFUSED.get(kind, otherwise)


def kind_findings(claims: Mapping[str, Any], kind: Kind) -> Iterator[Finding]:
    """Where claims contradict what the header says of the kind."""
    if kind == kinds.ACCESS and claims.get("token_use") == "id":
        yield Finding("token_use", "token_use is id, and typ is that of an access token", "token-use-id")


def without(expected: Expected, kind: Kind) -> Expected:
    """``expected`` without the claims that a token of this ``kind`` never has: it is refused for its kind."""
    lacks = _LACKS.get(kind, ())
    return replace(expected, names={name: said for name, said in expected.names.items() if name not in lacks})


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
        why, fault = likeness.issuer(claims["iss"], issuer)
        yield Finding("iss", f"iss is {claims['iss']}, and these keys are of {issuer}{why}", fault)
    if "aud" in claims and not _is_audience(claims["aud"]):
        yield Finding("aud", "aud is neither a string nor an array of strings", likeness.audience(claims["aud"]))
    elif "aud" in claims and claims["aud"] == claims.get("azp", claims.get("client_id")):
        yield Finding("aud", "aud is the client, as in an ID token", "audience-client-id")
    for name in ("sub", "client_id"):
        said = names.get(name, name)
        if said in claims and (not isinstance(claims[said], str) or not claims[said]):
            yield Finding(said, f"{said} is not a non-empty string", likeness.party(name, claims[said]))
    if "scope" in names:
        yield from _scope(claims, names["scope"])


def _scope(claims: Mapping[str, Any], name: str) -> Iterator[Finding]:
    kinds = str if name == "scope" else str | list
    if not isinstance(claims.get(name), kinds) or not claims[name]:
        elsewhere = "; scp is there, as other vendors have it" if "scp" in claims and name != "scp" else ""
        sentence = f"It carries no scope that can be read{elsewhere}"
        yield Finding("scope", sentence, likeness.scope(claims, name))


def _times(claims: Mapping[str, Any], now: float) -> Iterator[Finding]:
    for name in ("exp", "nbf", "iat"):
        value = claims.get(name)
        if name in claims and not is_date(value):
            yield Finding(name, f"{name} is not a number of seconds", likeness.date(name, value))
    exp, iat, nbf = (claims[name] if is_date(claims.get(name)) else None for name in ("exp", "iat", "nbf"))
    if exp is not None and exp <= now:
        fault = next((f"expired-{limit}s" for limit in (10, 30, 61) if now - exp <= limit), "expired")
        yield Finding(
            "exp", f"It expired {words(now - exp)} ago", "exp-float" if exp % 1 else fault if exp else "exp-zero"
        )
    elif exp is not None and exp - now > DAY:
        fault = "exp-milliseconds" if exp > 100 * now else "lifetime-30-days"
        yield Finding("exp", f"It lives for {words(exp - now)} more, and a bearer token should be short-lived", fault)
    if nbf is not None and nbf > now:
        yield Finding("nbf", f"It is not valid before {words(nbf - now)} from now", "nbf-future")
    if iat is not None and iat > now:
        yield Finding("iat", f"It says that it is issued in {words(iat - now)}", "iat-future")


def _is_audience(value: object) -> bool:
    values = value if isinstance(value, list) and value else [value]
    return all(isinstance(each, str) and each for each in values)


def words(seconds: float) -> str:
    """A span in words, in the two largest units."""
    whole = int(seconds)
    unit = 3600 if whole >= DAY else 60 if whole >= 3600 else 1
    return durations.words(whole - whole % unit)
