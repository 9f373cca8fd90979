"""Faults of shape: the token is not a JWT access token (RFC 7519 section 7.2, RFC 9068 section 4)."""

from __future__ import annotations

import secrets

from devidp.faults.case import Case
from devidp.faults.registry import SIGNED, Group, TokenType
from devidp.keys import tokens
from devidp.keys.tokens import Draft
from devidp.oauth import base64url

PARSED = "RFC 7519 section 7.2"
TYP = "RFC 9068 section 4"
TYPED: tuple[TokenType, ...] = ("access", "logout", "id-jag")
"""The types of token whose ``typ`` tells them from others."""
group = Group("shape", applies_to=SIGNED)


@group.fault(PARSED)
def garbage(_case: Case) -> str:
    """The token is a single word."""
    return "garbage"


@group.fault(PARSED)
def opaque(_case: Case) -> str:
    """The token is a random string without dots, like one from an issuer of opaque tokens."""
    return secrets.token_urlsafe(32)


@group.fault(PARSED)
def segments_two(case: Case) -> str:
    """The token has two segments: the signature and its dot are missing."""
    return case.sign().rpartition(".")[0]


@group.fault(PARSED)
def segments_four(case: Case) -> str:
    """The token has a fourth segment."""
    return f"{case.sign()}.{base64url.encode(b'more')}"


@group.fault(PARSED)
def segments_five(case: Case) -> str:
    """The token has five segments, like an encrypted one, but is not encrypted."""
    return f"{case.sign()}.{base64url.encode(b'more')}.{base64url.encode(b'and more')}"


@group.fault(PARSED)
def segments_empty(_case: Case) -> str:
    """The token is two dots."""
    return ".."


@group.fault("RFC 7515 section 2")
def not_base64url(case: Case) -> str:
    """The payload has characters that base64url does not have."""
    header, payload, signature = case.sign().split(".")
    return f"{header}.!{payload[1:]}.{signature}"


@group.fault("RFC 7515 section 2", level="should")
def base64_padded(case: Case) -> str:
    """The signature ends in padding, which base64url in a JWS omits."""
    token = case.sign()
    return token + "=" * (-len(token.rpartition(".")[2]) % 4 or 4)


@group.fault(PARSED)
def header_not_json(case: Case) -> str:
    """The header is not JSON."""
    return case.sign(header=b"not JSON")


@group.fault(PARSED)
def header_array(case: Case) -> str:
    """The header is a JSON array."""
    return case.sign(header=b"[" + case.header_bytes() + b"]")


@group.fault(PARSED)
def payload_not_json(case: Case) -> str:
    """The payload is not JSON."""
    return case.sign(payload=b"not JSON")


@group.fault(PARSED)
def payload_array(case: Case) -> str:
    """The payload is a JSON array that holds the claims."""
    return case.sign(payload=b"[" + case.payload_bytes() + b"]")


@group.fault(PARSED)
def payload_null(case: Case) -> str:
    """The payload is null."""
    return case.sign(payload=b"null")


@group.fault(PARSED)
def payload_not_utf8(case: Case) -> str:
    """The payload is JSON with a byte that is not UTF-8."""
    return case.sign(payload=case.payload_bytes()[:-1] + b',"note":"\xff"}')


@group.fault("RFC 7519 section 4", level="should")
def claims_duplicate(case: Case) -> str:
    """`sub` is twice in the payload, first another one and then the right one; parsers differ in which one they use."""
    return case.sign(payload=b'{"sub":"someone-else",' + case.payload_bytes()[1:])


@group.fault("RFC 9110 section 5.4", level="should")
def oversized(case: Case) -> Draft:
    """A claim of 64 KiB makes the token larger than any header should be."""
    return case.with_new_claim("padding", "x" * 64 * 1024)


@group.fault(TYP, applies_to=TYPED)
def typ_wrong(case: Case) -> Draft:
    """`typ` is JWT, which any JWT may have, instead of that of an access token."""
    _expect_type(case)
    return case.with_header(typ="JWT")


@group.fault(TYP, applies_to=TYPED)
def typ_missing(case: Case) -> Draft:
    """`typ` is missing."""
    _expect_type(case)
    return case.without_header("typ")


@group.fault(TYP, applies_to=("access", "id", "id-jag"))
def typ_logout_token(case: Case) -> Draft:
    """`typ` is that of a logout token."""
    return case.with_header(typ="logout+jwt")


def _expect_type(case: Case) -> None:
    if case.draft.header.get("typ") in (None, tokens.ID_TOKEN_TYPE):
        raise case.not_applicable(
            "no typ tells this token from others", "Choose another fault, or set typ to at+jwt in the seed"
        )
