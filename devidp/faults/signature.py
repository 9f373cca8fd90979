"""Faults of the signature: the token is not what was signed (RFC 7515 section 5.2)."""

from __future__ import annotations

from devidp.faults.case import Case
from devidp.faults.registry import SIGNED, Group
from devidp.keys import tokens
from devidp.oauth import base64url

VERIFIED = "RFC 7515 section 5.2"
group = Group("signature", applies_to=SIGNED)


@group.fault(VERIFIED)
def signature_bad(case: Case) -> str:
    """One bit of the signature is wrong."""
    signing_input, signature = _split(case)
    return f"{signing_input}.{base64url.encode(bytes([signature[0] ^ 1]) + signature[1:])}"


@group.fault(VERIFIED)
def signature_truncated(case: Case) -> str:
    """The second half of the signature is cut off."""
    signing_input, signature = _split(case)
    return f"{signing_input}.{base64url.encode(signature[: len(signature) // 2])}"


@group.fault(VERIFIED)
def signature_empty(case: Case) -> str:
    """The signature is empty, while the header names an algorithm."""
    return f"{_split(case)[0]}."


@group.fault(VERIFIED)
def signature_zero(case: Case) -> str:
    """The signature has the right length and is all zeros (CVE-2022-21449 for ECDSA)."""
    signing_input, signature = _split(case)
    return f"{signing_input}.{base64url.encode(bytes(len(signature)))}"


@group.fault(VERIFIED)
def payload_tampered(case: Case) -> str:
    """The payload was changed after signing: the token expires an hour later."""
    header, _, signature = case.sign().split(".")
    longer = tokens.json_bytes(case.with_claim("exp", case.claim("exp", int) + 3600).claims)
    return f"{header}.{base64url.encode(longer)}.{signature}"


@group.fault(VERIFIED)
def header_tampered(case: Case) -> str:
    """The header was changed after signing: a member was added."""
    _, payload, signature = case.sign().split(".")
    return f"{base64url.encode(tokens.json_bytes(case.with_header(cty='json').header))}.{payload}.{signature}"


def _split(case: Case) -> tuple[str, bytes]:
    """The signing input, and the signature as bytes."""
    signing_input, _, signature = case.sign().rpartition(".")
    return signing_input, base64url.decode(signature)
