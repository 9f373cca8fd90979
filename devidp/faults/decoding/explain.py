"""The explanation of a token: header, claims, signature, ages in words, and the verdict of a strict resource server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from joserfc.jwk import KeySet

from devidp.faults.decoding import findings
from devidp.faults.decoding.expected import RFC_9068, Expected
from devidp.faults.decoding.findings import words
from devidp.faults.decoding.parts import Finding, Parts, read
from devidp.keys import tokens
from devidp.oauth.jwk_set import Key
from devidp.oauth.numeric_date import is_date

_USUAL = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA", "oct": "HS256"}
"""The algorithm of a key without ``alg``."""
Signature = Literal["good", "bad", "unknown key", "not checked"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything there is to say about a token."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signature: Signature
    """``not checked``: there were no keys, or nothing that could be checked."""
    ages: tuple[str, ...]
    """``issued 5 minutes ago``, ``expires in 55 minutes``."""
    findings: tuple[Finding, ...]
    verdict: str
    """What a strict resource server would say, apart from its own audience and required scope."""

    @property
    def looks_like(self) -> str | None:
        """The fault that the token most looks like; ``None`` for one that nothing is wrong with."""
        return self.findings[0].fault if self.findings else None


def explain(
    token: str, keys: KeySet | None, now: float, issuer: str | None = None, expected: Expected = RFC_9068
) -> Explanation:
    """What ``token`` is at ``now`` (seconds since the epoch), judged by the published ``keys`` of ``issuer``."""
    now = int(now)
    token = token.strip().removeprefix("Bearer ").strip()
    parts = read(token)
    signature = _signature(token, parts, keys) if parts.readable and keys is not None else "not checked"
    found = tuple(_findings(parts, signature, keys, now, issuer, expected))
    return Explanation(
        parts.header, parts.claims, signature, tuple(_ages(parts.claims, now)), found, _verdict(found, signature)
    )


def _signature(token: str, parts: Parts, keys: KeySet) -> Signature:
    kid, algorithm = parts.header.get("kid"), parts.header.get("alg")
    candidates = [key for key in keys.keys if kid is None or key.kid == kid]
    if not candidates:
        return "unknown key"
    if algorithm not in _algorithms(candidates):
        return "not checked"
    return "good" if any(tokens.is_signed_by(token, key, str(algorithm)) for key in candidates) else "bad"


def _algorithms(keys: Iterable[Key]) -> frozenset[str]:
    return frozenset(key.alg or _USUAL[key.key_type] for key in keys)


def _findings(
    parts: Parts, signature: Signature, keys: KeySet | None, now: float, issuer: str | None, expected: Expected
) -> Iterator[Finding]:
    yield from parts.findings
    if not parts.readable:
        return
    yield from findings.kind_findings(parts.claims)
    yield from findings.header_findings(parts.header, _algorithms(keys or ()), expected.typ)
    if signature == "bad":
        yield Finding("signature", "The signature does not belong to this header and payload", "signature-bad")
    if signature == "unknown key":
        yield Finding("kid", f"kid is {parts.header.get('kid')}, and the JWK Set has no such key", "kid-unknown")
    if "kid" not in parts.header:
        yield Finding("kid", "kid is missing", "kid-missing")
    yield from findings.claim_findings(parts.claims, now, issuer, expected)


def _ages(claims: Mapping[str, Any], now: float) -> Iterator[str]:
    words_of = (("iat", "issued", "is to be issued"), ("nbf", "valid since", "valid"), ("exp", "expired", "expires"))
    for name, past, future in words_of:
        value = claims.get(name)
        if value is not None and is_date(value):
            yield f"{past} {words(now - value)} ago" if value <= now else f"{future} in {words(value - now)}"


def _verdict(found: tuple[Finding, ...], signature: Signature) -> str:
    if not found:
        unchecked = "the signature is good, and " if signature == "not checked" else ""
        return f"Accepted, if {unchecked}the audience and the scope are those that the resource server expects"
    error = "403 insufficient_scope" if {finding.part for finding in found} == {"scope"} else "401 invalid_token"
    return f"{error}: {'; '.join(finding.sentence for finding in found)}"
