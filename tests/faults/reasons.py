"""What the judge must find for each fault, and the faults that are allowed to differ in more than one thing."""

from __future__ import annotations

from devidp.faults import Fault

BY_GROUP = {
    "issuer": "iss", "audience": "aud", "signature": "signature", "scope": "scope", "tenant": "tenant",
    "algorithm": "algorithm", "shape": "shape",
}  # fmt: skip
BY_NAME = {
    "nbf-future": "nbf", "nbf-string": "nbf", "iat-future": "iat", "iat-missing": "iat", "iat-string": "iat",
    "kid-of-another-key": "signature", "kid-duplicate": "duplicate", "header-jwk": "signature",
    "header-jku": "signature", "header-x5u": "signature", "tenant-key": "signature",
    "crit-unknown": "crit", "crit-empty": "crit", "claims-duplicate": "duplicate", "oversized": "size",
    "typ-wrong": "typ", "typ-missing": "typ", "typ-logout-token": "typ",
    "refresh-token": "shape", "token-use-id": "token_use", "other-user": "sub",
    "sub-missing": "sub", "sub-empty": "sub", "sub-null": "sub", "sub-number": "sub",
    "client-id-missing": "client_id", "client-id-number": "client_id", "jti-missing": "jti",
    "id-nonce-wrong": "nonce", "id-nonce-missing": "nonce", "id-audience-wrong": "aud", "id-audience-missing": "aud",
    "id-audience-untrusted": "aud", "id-azp-wrong": "azp", "id-issuer-wrong": "iss", "id-sub-missing": "sub",
    "id-sub-other": "sub", "id-expired": "exp", "id-exp-missing": "exp", "id-iat-old": "iat",
    "id-at-hash-wrong": "at_hash", "id-acr-missing": "acr", "id-acr-zero": "acr", "id-amr-missing": "amr",
    "id-auth-time-old": "auth_time", "id-auth-time-missing": "auth_time",
    "id-signature-bad": "signature", "id-alg-none": "algorithm",
}  # fmt: skip
OTHER_TOKENS = {
    "id-token": {"typ", "aud", "client_id", "scope", "tenant"},
    "client-token": {"sub", "tenant", "acr", "amr", "auth_time"},
    "id-access-token": {"typ", "aud", "nonce", "at_hash"},
    "jag-access-token": {"typ", "aud"},
}
"""Faults that are a good token of another kind, which differs in all that makes the kind."""
MORE_THAN_ONE_PART = {
    **dict.fromkeys(OTHER_TOKENS, "a good token of another kind"),
    "scp-string": "a claim is renamed: one is gone and one is new",
    "scp-array": "a claim is renamed: one is gone and one is new",
    "scope-in-roles": "the scopes are in another claim, and gone from theirs",
    "crit-unknown": "crit must name a parameter that is in the header",
}


def expected(fault: Fault) -> set[str]:
    """The violations that a strict verifier finds in a token with ``fault``."""
    if fault.name in OTHER_TOKENS:
        return OTHER_TOKENS[fault.name]
    if fault.name in BY_NAME:
        return {BY_NAME[fault.name]}
    if fault.group == "authentication":
        return {"auth_time" if fault.name.startswith("auth-time") else fault.name.partition("-")[0]}
    if fault.group == "time":
        return {"exp"}
    return {"kid"} if fault.group == "key" else {BY_GROUP[fault.group]}
