"""The explanation of a token: header, claims, signature, ages in words, and the verdict of a strict resource server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from joserfc.jwk import KeySet

from devidp.faults.decoding import findings, kinds, likeness, members
from devidp.faults.decoding.expected import RFC_9068, Expected
from devidp.faults.decoding.kinds import Kind
from devidp.faults.decoding.members import Member
from devidp.faults.decoding.parts import Finding, Parts, read
from devidp.faults.decoding.pasted import unwrap
from devidp.faults.decoding.wanted import wanted_findings
from devidp.keys import tokens
from devidp.oauth.jwk_set import Key

_USUAL = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA", "oct": "HS256"}
"""The algorithm of a key without ``alg``."""
IN_HEADER = ("alg", "typ", "crit", "kid")
"""The parts of findings that are members of the header."""
Signature = Literal["good", "bad", "unknown key", "not checked"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything there is to say about a token."""

    token: str = field(repr=False)
    """Without what was around it."""
    notes: tuple[str, ...]
    """What was around it."""
    kind: Kind
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signature: Signature
    """``not checked``: there were no keys, or nothing that could be checked."""
    ages: tuple[str, ...]
    """``issued 5 minutes ago``, ``expires in 55 minutes``."""
    header_members: tuple[Member, ...]
    claim_members: tuple[Member, ...]
    findings: tuple[Finding, ...]
    verdict: str
    """What a strict resource server would say; its own audience and scope count where they are known."""

    @property
    def looks_like(self) -> str | None:
        """The fault that the token most looks like; ``None`` for one that nothing is wrong with."""
        return self.findings[0].fault if self.findings else None


def explain(
    text: str, keys: KeySet | None, now: float, issuer: str | None = None, expected: Expected = RFC_9068,
    *, audience: str | None = None, scope: str | None = None, of_any_kind: bool = False,
) -> Explanation:  # fmt: skip
    """What the token in ``text`` is at ``now`` (seconds since the epoch), judged by the ``keys`` of ``issuer``.

    ``audience`` is what the resource server is called, ``scope`` what a request to it needs. With ``of_any_kind`` it is
    good as what it is: no access token is expected.
    """
    now = int(now)
    token, notes = unwrap(text)
    signed = token.partition("~")[0]
    parts = read(signed)
    kind = kinds.kind(token, parts)
    signature = _signature(signed, parts, keys) if parts.readable and keys is not None else "not checked"
    if of_any_kind and kind not in (kinds.ACCESS, kinds.JWT):
        expected = replace(expected, typ=str(parts.header.get("typ", "none")))
    wanted = kinds.ACCESS if of_any_kind else kind
    in_header = tuple(_header_findings(parts, signature, keys, wanted, expected)) if parts.readable else ()
    fitting = findings.without(expected, kind)
    in_claims: tuple[Finding, ...] = ()
    if parts.readable:
        in_claims = (
            *findings.kind_findings(parts.claims, kind),
            *findings.claim_findings(parts.claims, now, issuer, fitting),
            *wanted_findings(parts.claims, audience, scope, fitting),
        )
    found = (*parts.findings, *in_header, *in_claims)
    return Explanation(
        token,
        notes,
        kind,
        parts.header,
        parts.claims,
        signature,
        tuple(_ages(parts.claims, now)),
        members.of_header(
            parts.header, [each for each in in_header if each.part in IN_HEADER], _right_header(signature)
        ),
        members.of_claims(parts.claims, in_claims, _right_claims(fitting, issuer, audience, scope), now),
        found,
        _verdict(found, signature, audience, scope),
    )


def _right_header(signature: Signature) -> tuple[str, ...]:
    """What of a header was checked, where nothing was found."""
    return ("typ", *(("alg", "kid") if signature in ("good", "bad") else ()))


def _right_claims(expected: Expected, issuer: str | None, audience: str | None, scope: str | None) -> tuple[str, ...]:
    unchecked = [name for name, known in (("iss", issuer), ("aud", audience), ("scope", scope)) if known is None]
    return (*(said for name, said in expected.names.items() if name not in unchecked), "nbf")


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


def _header_findings(
    parts: Parts, signature: Signature, keys: KeySet | None, kind: Kind, expected: Expected
) -> Iterator[Finding]:
    yield from findings.header_findings(parts.header, parts.signature, _algorithms(keys or ()), kind, expected.typ)
    if signature == "bad":
        yield Finding(
            "signature",
            "The signature does not belong to this header and payload",
            likeness.bad_signature(parts.header, parts.signature),
        )
    if signature == "unknown key":
        yield Finding(
            "kid",
            f"kid is {parts.header.get('kid')}, and the JWK Set has no such key",
            likeness.key_id(parts.header.get("kid")),
        )
    if "kid" not in parts.header:
        yield Finding("kid", "kid is missing", "kid-missing")


def _ages(claims: Mapping[str, Any], now: float) -> Iterator[str]:
    for name in ("iat", "nbf", "exp"):
        if said := members.age(name, claims.get(name), now):
            yield said


def _verdict(found: tuple[Finding, ...], signature: Signature, audience: str | None, scope: str | None) -> str:
    if found:
        error = "403 insufficient_scope" if {finding.part for finding in found} == {"scope"} else "401 invalid_token"
        return f"{error}: {'; '.join(finding.sentence for finding in found)}"
    open_questions = ["the signature is good"] if signature == "not checked" else []
    unknown = [name for name, known in (("audience", audience), ("scope", scope)) if known is None]
    if unknown:
        are = "is the one" if len(unknown) == 1 else "are those"
        open_questions.append(f"the {' and the '.join(unknown)} {are} that the resource server expects")
    return f"Accepted, if {', and '.join(open_questions)}" if open_questions else "Accepted"
