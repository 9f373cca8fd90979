"""Faults of the key: who signed, and how the header says to find the key (RFC 7515 section 4.1, RFC 8725)."""

from __future__ import annotations

from devidp.faults import foreign
from devidp.faults.case import Case
from devidp.faults.registry import ANY_JWT, SIGNED, Group
from devidp.keys import SigningKey
from devidp.keys.tokens import Draft

KID = "RFC 7515 section 4.1.4"
SOURCE = "RFC 8725 section 3.10"
ELSEWHERE = "https://keys.invalid/jwks.json"
group = Group("key", applies_to=SIGNED)


@group.fault("RFC 7515 section 5.2")
def kid_of_another_key(case: Case) -> Draft:
    """`kid` names the issuer's key, but an unrelated key signed."""
    return case.with_key(_unrelated(case))


@group.fault(KID)
def kid_unknown(case: Case) -> Draft:
    """`kid` names a key that the issuer does not have, signed with the right key."""
    return case.with_header(kid="no-such-key")


@group.fault("OpenID Connect Core section 10.1", level="should")
def kid_missing(case: Case) -> Draft:
    """`kid` is missing, so the key can only be found by trying."""
    return case.without_header("kid")


@group.fault(KID)
def kid_empty(case: Case) -> Draft:
    """`kid` is an empty string."""
    return case.with_header(kid="")


@group.fault(KID)
def kid_number(case: Case) -> Draft:
    """`kid` is a number."""
    return case.with_header(kid=1)


@group.fault("RFC 7515 section 4", level="should")
def kid_duplicate(case: Case) -> str:
    """`kid` is twice in the header, first that of an unrelated key and then the right one."""
    return case.sign(header=b'{"kid":"' + _unrelated(case).kid.encode() + b'",' + case.header_bytes()[1:])


@group.fault(SOURCE)
def kid_path(case: Case) -> Draft:
    """`kid` is the path of a file, for verifiers that look for keys in a folder."""
    return case.with_header(kid="../../../../dev/null")


@group.fault(SOURCE)
def kid_injection(case: Case) -> Draft:
    """`kid` is a piece of SQL, for verifiers that look for keys in a database."""
    return case.with_header(kid="x' UNION SELECT 'key")


@group.fault("OpenID Connect Core section 10.1.1", applies_to=ANY_JWT)
def key_retired(case: Case) -> Draft:
    """The key that signed has been withdrawn from the JWK Set."""
    key = foreign.retired_key(case.issuer.keys, case.draft.key.algorithm)
    return case.with_key(key, kid=key.kid)


@group.fault("OpenID Connect Core section 10.1.1", applies_to=ANY_JWT)
def key_unpublished(case: Case) -> Draft:
    """The key that signed is not in the JWK Set yet."""
    key = foreign.unpublished_key(case.issuer.keys, case.draft.key.algorithm)
    return case.with_key(key, kid=key.kid)


@group.fault("RFC 8725 section 3.8")
def key_foreign(case: Case) -> Draft:
    """An unrelated key signed, under its own `kid`."""
    key = _unrelated(case)
    return case.with_key(key, kid=key.kid)


@group.fault("RFC 7515 section 4.1.3")
def header_jwk(case: Case) -> Draft:
    """The header contains its own public key in `jwk`, and the private half of that key signed."""
    case.asymmetric_key()
    key = _unrelated(case)
    return case.with_key(key, jwk=key.public_jwk())


@group.fault(SOURCE)
def header_jku(case: Case) -> Draft:
    """`jku` sends the verifier elsewhere for the JWK Set, and a key of that set signed."""
    return case.with_key(_unrelated(case), jku=ELSEWHERE)


@group.fault(SOURCE)
def header_x5u(case: Case) -> Draft:
    """`x5u` sends the verifier elsewhere for a certificate, and its key signed."""
    return case.with_key(_unrelated(case), x5u="https://keys.invalid/chain.pem")


def _unrelated(case: Case) -> SigningKey:
    return foreign.unrelated_key(case.draft.key.algorithm)
