"""Signing keys: generating and reading them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey, import_key

from devidp.keys.signing_key import Jwk, KeyProblem, SigningKey

MIN_RSA_BITS = 2048
_NOT_PRIVATE = "it is not a private key; devidp needs one to sign"


def generate(algorithm: str, key_size: int | None = None) -> SigningKey:
    """A new key for ``algorithm``: RSA of ``key_size`` bits, 2048 without it, P-256, or Ed25519."""
    jwk: Jwk
    if algorithm == "ES256":
        jwk = ECKey.generate_key("P-256", auto_kid=True)
    elif algorithm in ("EdDSA", "Ed25519"):
        jwk = OKPKey.generate_key("Ed25519", auto_kid=True)
    else:
        jwk = RSAKey.generate_key(key_size or MIN_RSA_BITS, auto_kid=True)
    return SigningKey(jwk.thumbprint(), algorithm, jwk)


def parse(text: str, algorithm: str, key_size: int | None = None) -> SigningKey:
    """A key from the text of a PEM or JWK; raises KeyProblem where it does not fit ``algorithm`` or ``key_size``."""
    jwk = _private(text)
    fits = _fits(jwk)
    if algorithm not in fits:
        raise KeyProblem(
            f"it is a key for {' or '.join(fits)}, but signing_algorithm is {algorithm}; change one of them"
        )
    key = SigningKey(jwk.thumbprint(), algorithm, jwk)
    if not key.has_size(key_size):
        raise KeyProblem(f"it is an RSA key of {key.rsa_bits} bits, but key_size is {key_size}; change one of them")
    return key


def parse_own(text: str) -> SigningKey:
    """A key with the ``kid`` and ``alg`` that it names itself; raises KeyProblem."""
    jwk = _private(text)
    fits, members = _fits(jwk), jwk.as_dict(private=False)
    algorithm = str(members.get("alg") or fits[0])
    if algorithm not in fits:
        raise KeyProblem(f"it is a key for {' or '.join(fits)}, but its alg is {algorithm[:20]!r}; change one of them")
    return SigningKey(str(members.get("kid") or jwk.thumbprint()), algorithm, jwk)


def _private(text: str) -> Jwk:
    """A private key of the kinds that devidp signs with."""
    text = text.strip()
    if "-----BEGIN PUBLIC KEY" in text:
        raise KeyProblem(_NOT_PRIVATE)
    try:
        jwk = import_key(json.loads(text)) if text.startswith("{") else _jwk(load_pem_private_key(text.encode(), None))
        private = jwk.is_private
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise KeyProblem(f"it is neither a PEM nor a JWK private key: {error}") from None
    if not private or not isinstance(jwk, RSAKey | ECKey | OKPKey):
        raise KeyProblem(_NOT_PRIVATE)
    return _whole(jwk)


def _fits(jwk: Jwk) -> tuple[str, ...]:
    """The algorithms that ``jwk`` can sign with."""
    match jwk.private_key:
        case rsa.RSAPrivateKey(key_size=bits) if bits < MIN_RSA_BITS:
            raise KeyProblem(f"it is an RSA key of {bits} bits, RFC 7518 section 3.3 requires at least {MIN_RSA_BITS}")
        case rsa.RSAPrivateKey():
            return "RS256", "PS256"
        case ec.EllipticCurvePrivateKey(curve=ec.SECP256R1()):
            return ("ES256",)
        case ed25519.Ed25519PrivateKey():
            return "EdDSA", "Ed25519"
    raise KeyProblem("it is of a kind that devidp does not sign with: use RSA, P-256 or Ed25519")


def from_pem(pem: str) -> Jwk:
    """The private key that the store sealed; raises ValueError for anything else."""
    # it was sealed by us: checking the primes again costs 30 ms per key
    return _whole(_jwk(load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)))


def _whole(jwk: Jwk) -> Jwk:
    """``jwk`` with the name that a set of keys would give it in a moment in which another thread reads it."""
    jwk.ensure_kid()
    return jwk


def _jwk(raw: object) -> Jwk:
    match raw:
        case rsa.RSAPrivateKey():
            return RSAKey.import_key(raw)
        case ec.EllipticCurvePrivateKey():
            return ECKey.import_key(raw)
        case ed25519.Ed25519PrivateKey():
            return OKPKey.import_key(raw)
    raise KeyProblem("it is a key of an unknown kind")


def key_set(keys: Iterable[SigningKey]) -> KeySet:
    """The public halves of ``keys``, to verify with: OpenSSL keeps with a key what it computes of it for that."""
    return KeySet([import_key(key.public_jwk()) for key in keys])
