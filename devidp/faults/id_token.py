"""Faults of ID tokens, which a client must notice when a user logs in (OpenID Connect Core section 3.1.3.7)."""

from __future__ import annotations

from devidp.faults import foreign
from devidp.faults.case import Case
from devidp.faults.registry import Group
from devidp.keys import tokens
from devidp.keys.tokens import Draft

VALIDATION = "OpenID Connect Core section 3.1.3.7"
CLAIMS = "OpenID Connect Core section 2"
OTHER_CLIENT = "another-client"
group = Group("id-token", applies_to=("id",))


@group.fault(VALIDATION)
def id_nonce_wrong(case: Case) -> Draft:
    """`nonce` of the ID token is not the one that was sent."""
    return case.with_new_claim("nonce", "a-nonce-that-nobody-sent")


@group.fault(VALIDATION)
def id_nonce_missing(case: Case) -> Draft:
    """`nonce` of the ID token is missing, although one was sent."""
    if "nonce" not in case.draft.claims:
        raise case.not_applicable("the ID token has no nonce", "Send a nonce, or set the claim when minting")
    return case.without_claim("nonce")


@group.fault(VALIDATION)
def id_audience_wrong(case: Case) -> Draft:
    """`aud` of the ID token is another client."""
    return case.with_claim("aud", OTHER_CLIENT)


@group.fault(CLAIMS)
def id_audience_missing(case: Case) -> Draft:
    """`aud` of the ID token is missing."""
    return case.without_claim("aud")


@group.fault(VALIDATION)
def id_audience_untrusted(case: Case) -> Draft:
    """`aud` of the ID token is an array of this client and one that it does not trust."""
    return case.with_claim("aud", [case.authorization.client.client_id, OTHER_CLIENT])


@group.fault(VALIDATION)
def id_azp_wrong(case: Case) -> Draft:
    """`azp` of the ID token is another client."""
    return case.with_new_claim("azp", OTHER_CLIENT)


@group.fault(VALIDATION)
def id_issuer_wrong(case: Case) -> Draft:
    """`iss` of the ID token is another provider."""
    return case.with_claim("iss", "https://issuer.invalid")


@group.fault(CLAIMS)
def id_sub_missing(case: Case) -> Draft:
    """`sub` of the ID token is missing."""
    return case.without_claim("sub")


@group.fault("OpenID Connect Core section 5.3.2")
def id_sub_other(case: Case) -> Draft:
    """`sub` of the ID token is not the one that UserInfo returns."""
    return case.with_claim("sub", "someone-else")


@group.fault(VALIDATION)
def id_expired(case: Case) -> Draft:
    """`exp` of the ID token is a day ago."""
    return case.with_claim("exp", case.now - 86400)


@group.fault(CLAIMS)
def id_exp_missing(case: Case) -> Draft:
    """`exp` of the ID token is missing."""
    return case.without_claim("exp")


@group.fault(VALIDATION, level="should")
def id_iat_old(case: Case) -> Draft:
    """`iat` of the ID token is a day ago, although it was requested just now."""
    return case.with_claim("iat", case.now - 86400)


@group.fault("OpenID Connect Core section 3.1.3.8", level="should")
def id_at_hash_wrong(case: Case) -> Draft:
    """`at_hash` of the ID token belongs to another access token."""
    return case.with_claim("at_hash", tokens.half_hash("another access token", case.draft.key.algorithm))


@group.fault(VALIDATION, level="should", evidence="context")
def id_acr_missing(case: Case) -> Draft:
    """`acr` of the ID token is missing, although a class was requested."""
    case.claim("acr", str)
    return case.without_claim("acr")


@group.fault(VALIDATION, level="should", evidence="context")
def id_acr_zero(case: Case) -> Draft:
    """`acr` of the ID token is 0: nothing vouches for the user."""
    case.claim("acr", str)
    return case.with_claim("acr", "0")


@group.fault(CLAIMS, level="should", evidence="context")
def id_amr_missing(case: Case) -> Draft:
    """`amr` of the ID token is missing."""
    case.claim("amr", list)
    return case.without_claim("amr")


@group.fault(VALIDATION, level="should", evidence="context")
def id_auth_time_old(case: Case) -> Draft:
    """`auth_time` of the ID token is a day ago, although a recent login was requested by `max_age`."""
    case.claim("auth_time", int)
    return case.with_claim("auth_time", case.now - 86400)


@group.fault(VALIDATION, level="should", evidence="context")
def id_auth_time_missing(case: Case) -> Draft:
    """`auth_time` of the ID token is missing, although a recent login was requested by `max_age`."""
    case.claim("auth_time", int)
    return case.without_claim("auth_time")


@group.fault(VALIDATION)
def id_signature_bad(case: Case) -> Draft:
    """An unrelated key signed the ID token, under the `kid` of the issuer's key."""
    return case.with_key(foreign.unrelated_key(case.draft.key.algorithm))


@group.fault(VALIDATION)
def id_alg_none(case: Case) -> str:
    """`alg` of the ID token is none, and the signature is empty."""
    return case.unsecured("none")


@group.fault("RFC 8725 section 3.12")
def id_access_token(case: Case) -> Draft:
    """The ID token is a valid access token of the same user and client."""
    return case.issuer.access_draft(case.authorization)
