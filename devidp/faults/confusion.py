"""Faults of confusion: a token that is valid for something else (RFC 8725 section 3.12, RFC 9068 section 5)."""

from __future__ import annotations

from dataclasses import replace

from devidp.faults.case import Case
from devidp.faults.registry import Group, TokenType
from devidp.keys.tokens import Draft
from devidp.oauth import names

MIXED_UP = "RFC 8725 section 3.12"
SUBJECT = "RFC 9068 section 2.2"
STRING = "RFC 7519 section 4.1.2"
BOTH: tuple[TokenType, ...] = ("access", "id-jag")
group = Group("confusion")


@group.fault("RFC 9068 section 4", applies_to=BOTH)
def id_token(case: Case) -> Draft:
    """The token is a valid ID token of the same user and client, not an access token."""
    case.user_sub()
    return case.issuer.id_draft(case.authorization, case.sign())


@group.fault("RFC 6749 section 1.5")
def refresh_token(case: Case) -> str:
    """The token is a valid refresh token of the same user and client, which is for the issuer only."""
    case.user_sub()
    return case.issuer.new_refresh_token(case.authorization, case.authorization.audience)


@group.fault(MIXED_UP, level="should")
def token_use_id(case: Case) -> Draft:
    """`token_use` is id, where providers that use this claim would send access."""
    return case.with_new_claim("token_use", "id")


@group.fault("RFC 9068 section 5", status=403, evidence="context")
def client_token(case: Case) -> Draft:
    """The token is a valid one of the client itself, where a user is needed."""
    case.user_sub()
    itself = replace(
        case.authorization,
        user=None,
        grant_type=names.CLIENT_CREDENTIALS,
        grant_id=None,
        auth_time=None,
        acr=None,
        amr=(),
    )
    return case.issuer.access_draft(itself)


@group.fault(SUBJECT, applies_to=BOTH)
def sub_missing(case: Case) -> Draft:
    """`sub` is missing."""
    return case.without_claim("sub")


@group.fault(STRING, applies_to=BOTH)
def sub_empty(case: Case) -> Draft:
    """`sub` is an empty string."""
    return case.with_claim("sub", "")


@group.fault(STRING, applies_to=BOTH)
def sub_null(case: Case) -> Draft:
    """`sub` is null."""
    return case.with_claim("sub", None)


@group.fault(STRING, applies_to=BOTH)
def sub_number(case: Case) -> Draft:
    """`sub` is a number."""
    return case.with_claim("sub", 42)


@group.fault("RFC 6750 section 3.1", status=403, evidence="context", applies_to=BOTH)
def other_user(case: Case) -> Draft:
    """`sub` is another user, who must not access the first one's data."""
    other = case.other_user()
    shaped = case.draft.shaping and case.issuer.access_draft(replace(case.authorization, user=other)).claims.get("sub")
    return case.with_claim("sub", shaped or case.issuer.subject(other, case.authorization.client))


@group.fault(SUBJECT, level="should", applies_to=BOTH)
def client_id_missing(case: Case) -> Draft:
    """`client_id` is missing."""
    return case.without_claim("client_id")


@group.fault("RFC 8693 section 4.3", level="should", applies_to=BOTH)
def client_id_number(case: Case) -> Draft:
    """`client_id` is a number."""
    return case.with_claim("client_id", 42)


@group.fault(SUBJECT, level="should", applies_to=BOTH)
def jti_missing(case: Case) -> Draft:
    """`jti` is missing, so the token cannot be distinguished from a copy."""
    return case.without_claim("jti")
