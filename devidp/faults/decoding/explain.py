"""The explanation of a token: header, claims, signature, ages in words, and the verdict of a strict resource server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from joserfc.jwk import KeySet

from devidp.faults.decoding import findings, id_token, kinds, likeness, members
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
_FOR_SERVERS = (kinds.ACCESS, kinds.JWT)
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
    own_findings: tuple[Finding, ...] = ()
    """What is wrong with a token that is not for a resource server as what it is. The members say the same."""

    @property
    def own_verdict(self) -> str:
        """The same in words; empty for what may be an access token, or cannot be read."""
        if self.kind in _FOR_SERVERS or not self.claims:
            return ""
        wrong = "; ".join(each.sentence for each in self.own_findings)
        return f"As {self.kind.article} {self.kind.name}: {wrong or 'nothing is wrong that the token shows'}"

    @property
    def looks_like(self) -> str | None:
        """The fault that the token most looks like; ``None`` for one that nothing is wrong with."""
        return self.findings[0].fault if self.findings else None

    @property
    def alike(self) -> tuple[str, ...]:
        """The faults that look the same as that one."""
        return likeness.ALIKE.get(self.looks_like or "", ())


def explain(
    text: str, keys: KeySet | None, now: float, issuer: str | None = None, expected: Expected = RFC_9068,
    *, audience: str | None = None, scope: str | None = None,
) -> Explanation:  # fmt: skip
    """What the token in ``text`` is at ``now`` (seconds since the epoch), judged by the ``keys`` of ``issuer``.

    ``audience`` is what the resource server is called, ``scope`` what a request to it needs.
    """
    now = int(now)
    token, notes = unwrap(text)
    signed = token.partition("~")[0]
    parts = read(signed)
    kind = kinds.kind(token, parts)
    signature = _signature(signed, parts, keys) if parts.readable and keys is not None else "not checked"
    fitting = findings.without(expected, kind)
    in_header, in_claims = _findings(parts, signature, keys, kind, now, issuer, fitting)
    if parts.readable:
        in_claims = (*in_claims, *wanted_findings(parts.claims, audience, scope, fitting))
    found, own = (*parts.findings, *in_header, *in_claims), tuple[Finding, ...]()
    checked = _right_claims(fitting, issuer, audience, scope)
    if parts.readable and kind not in _FOR_SERVERS:
        # the verdict says that it is no access token; its members are told as what it is
        fitting = replace(fitting, typ=str(parts.header.get("typ", "none")))
        in_header, in_claims = _findings(parts, signature, keys, kinds.ACCESS, now, issuer, fitting)
        if kind == kinds.ID:
            in_header, in_claims = id_token.as_such(in_header), id_token.in_claims(parts.claims, in_claims)
        own = (*parts.findings, *in_header, *in_claims)
        checked = _right_claims(fitting, issuer, None, None)
    of_header = [each for each in in_header if each.part in IN_HEADER]
    return Explanation(
        token,
        notes,
        kind,
        parts.header,
        parts.claims,
        signature,
        tuple(_ages(parts.claims, now)),
        members.of_header(parts.header, of_header, _right_header(signature)),
        members.of_claims(parts.claims, in_claims, checked, now),
        found,
        _verdict(found, signature, audience, scope),
        own,
    )


def _findings(
    parts: Parts,
    signature: Signature,
    keys: KeySet | None,
    kind: Kind,
    now: int,
    issuer: str | None,
    expected: Expected,
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:  # fmt: skip
    """Those in the header and those in the claims."""
    if not parts.readable:
        return (), ()
    return tuple(_header_findings(parts, signature, keys, kind, expected)), (
        *findings.kind_findings(parts.claims, kind),
        *findings.claim_findings(parts.claims, now, issuer, expected),
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
