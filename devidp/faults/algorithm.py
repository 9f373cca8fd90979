"""Faults of the algorithm: the header chooses how to be verified (RFC 8725 section 3.1, RFC 9068 section 4)."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from devidp.faults import foreign
from devidp.faults.case import Case
from devidp.faults.registry import SIGNED, Group
from devidp.keys import tokens
from devidp.keys.tokens import Draft

POLICY = "RFC 8725 section 3.1"
NONE = "RFC 9068 section 4"
CRIT = "RFC 7515 section 4.1.11"
group = Group("algorithm", applies_to=SIGNED)


@group.fault(NONE)
def alg_none(case: Case) -> str:
    """`alg` is none, and the signature is empty."""
    return case.unsecured("none")


@group.fault(NONE)
def alg_none_capitalized(case: Case) -> str:
    """`alg` is None, and the signature is empty."""
    return case.unsecured("None")


@group.fault(NONE)
def alg_none_upper(case: Case) -> str:
    """`alg` is NONE, and the signature is empty."""
    return case.unsecured("NONE")


@group.fault(NONE)
def alg_none_mixed(case: Case) -> str:
    """`alg` is nOnE, and the signature is empty."""
    return case.unsecured("nOnE")


@group.fault(NONE)
def alg_none_signed(case: Case) -> str:
    """`alg` is none, although the signature is valid."""
    return case.sign(header=tokens.json_bytes(case.with_header(alg="none").header))


@group.fault(POLICY)
def alg_hs256_public_pem(case: Case) -> str:
    """`alg` is HS256, and the secret is the issuer's public key as PEM."""
    return _hs256(case, _public(case, Encoding.PEM))


@group.fault(POLICY)
def alg_hs256_public_der(case: Case) -> str:
    """`alg` is HS256, and the secret is the issuer's public key as DER."""
    return _hs256(case, _public(case, Encoding.DER))


@group.fault(POLICY)
def alg_hs256_public_jwk(case: Case) -> str:
    """`alg` is HS256, and the secret is the issuer's public key as JSON."""
    return _hs256(case, tokens.json_bytes(case.asymmetric_key().public_jwk()))


@group.fault(POLICY)
def alg_hs256_empty_secret(case: Case) -> str:
    """`alg` is HS256, and the secret is empty."""
    return _hs256(case, b"")


@group.fault(POLICY)
def alg_rs384(case: Case) -> Draft:
    """`alg` is RS384, which the issuer does not use, with the issuer's key where that is an RSA key."""
    return _with_algorithm(case, "RS384")


@group.fault(POLICY)
def alg_ps256(case: Case) -> Draft:
    """`alg` is PS256, which the issuer does not use, with the issuer's key where that is an RSA key."""
    return _with_algorithm(case, "PS256")


@group.fault(POLICY)
def alg_es256(case: Case) -> Draft:
    """`alg` is ES256, which the issuer does not use, with an unrelated key."""
    return _with_algorithm(case, "ES256")


@group.fault("RFC 7515 section 4.1.1")
def alg_missing(case: Case) -> Draft:
    """`alg` is missing."""
    return case.without_header("alg")


@group.fault("RFC 7515 section 4.1.1")
def alg_unknown(case: Case) -> Draft:
    """`alg` is an algorithm that does not exist."""
    return case.with_header(alg="XX256")


@group.fault("RFC 7515 section 4.1.1")
def alg_lower_case(case: Case) -> Draft:
    """`alg` is the issuer's with upper and lower case swapped."""
    return case.with_header(alg=case.draft.key.algorithm.swapcase())


@group.fault(CRIT)
def crit_unknown(case: Case) -> Draft:
    """`crit` names an extension that no verifier knows."""
    return case.with_header(crit=["urn:example:unknown"], **{"urn:example:unknown": True})


@group.fault(CRIT)
def crit_empty(case: Case) -> Draft:
    """`crit` is an empty array."""
    return case.with_header(crit=[])


def _hs256(case: Case, secret: bytes) -> str:
    header = tokens.json_bytes(case.with_header(alg="HS256").header)
    return tokens.sign_with_secret(header, case.payload_bytes(), secret)


def _public(case: Case, encoding: Encoding) -> bytes:
    return case.asymmetric_key().jwk.public_key.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)


def _with_algorithm(case: Case, algorithm: str) -> Draft:
    own = case.draft.key
    if own.algorithm == algorithm:
        raise case.not_applicable(f"the issuer signs with {algorithm}", "Use another fault of the group algorithm")
    if algorithm == "ES256" or own.jwk.key_type != "RSA":
        own = foreign.unrelated_key("ES256" if algorithm == "ES256" else "RS256")
    return case.with_key(own._replace(algorithm=algorithm), alg=algorithm)
