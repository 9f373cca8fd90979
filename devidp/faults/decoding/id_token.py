"""What a client would say of an ID token by itself (OpenID Connect Core section 3.1.3.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from devidp.faults import FAULTS
from devidp.faults.decoding.parts import Finding


def in_claims(claims: Mapping[str, Any], found: Iterable[Finding]) -> tuple[Finding, ...]:
    """``found``, as faults of ID tokens, and what only an ID token has."""
    audience, party = claims.get("aud"), claims.get("azp")
    more = []
    if isinstance(audience, list) and len(audience) > 1:
        more.append(Finding("aud", "aud names several, all of which the client has to trust", "id-audience-untrusted"))
    if party is not None and party not in (audience if isinstance(audience, list) else [audience]):
        more.append(Finding("azp", f"azp is {party}, whom aud does not name", "id-azp-wrong"))
    return (*as_such(each for each in found if each.fault != "audience-client-id"), *more)


def as_such(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """``found`` with the names that the faults have in ID tokens."""
    return tuple(replace(each, fault=_name(each.fault)) for each in found)


def _name(fault: str) -> str:
    if f"id-{fault}" in FAULTS:
        return f"id-{fault}"
    for beginning, name in _NAMES.items():
        if fault.startswith(beginning):
            return name
    return fault


_NAMES = {
    "expired": "id-expired",
    "exp-zero": "id-expired",
    "issuer-": "id-issuer-wrong",
    "signature-": "id-signature-bad",
    "alg-none": "id-alg-none",
}
