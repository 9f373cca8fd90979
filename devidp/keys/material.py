"""Key material: making it, reading it, and the text of it that the store seals."""

from __future__ import annotations

import json
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey, import_key

from devidp.keys.key import KeyProblem, SigningKey

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
Jwk = RSAKey | ECKey | OKPKey
MIN_RSA_BITS = 2048
_NOT_PRIVATE = "it is not a private key; devidp needs one to sign"


def generate(algorithm: str) -> SigningKey:
    """A new key for ``algorithm``: RSA of 2048 bits, P-256, or Ed25519."""
    if algorithm == "ES256":
        return _named(ECKey.generate_key("P-256", auto_kid=False), algorithm)
    if algorithm in ("EdDSA", "Ed25519"):
        return _named(OKPKey.generate_key("Ed25519", auto_kid=False), algorithm)
    return _named(RSAKey.generate_key(MIN_RSA_BITS, auto_kid=False), algorithm)


def parse(text: str, algorithm: str) -> SigningKey:
    """A key from the text of a PEM or JWK; raises KeyProblem where it does not fit ``algorithm``."""
    stripped = text.strip()
    try:
        if "-----BEGIN PUBLIC KEY" in stripped:
            raise KeyProblem(_NOT_PRIVATE)
        if stripped.startswith("{"):
            jwk = import_key(json.loads(stripped))
        else:
            jwk = _jwk(load_pem_private_key(stripped.encode(), None))
        private = jwk.is_private
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise KeyProblem(f"it is neither a PEM nor a JWK private key: {error}") from None
    if not private or not isinstance(jwk, RSAKey | ECKey | OKPKey):
        raise KeyProblem(_NOT_PRIVATE)
    _check(jwk, algorithm)
    return _named(jwk, algorithm)


def _check(jwk: Jwk, algorithm: str) -> None:
    raw = jwk.private_key
    if isinstance(raw, rsa.RSAPrivateKey) and raw.key_size < MIN_RSA_BITS:
        raise KeyProblem(f"it is an RSA key of {raw.key_size} bits, RFC 7518 section 3.3 wants {MIN_RSA_BITS} at least")
    if isinstance(raw, rsa.RSAPrivateKey):
        fits: tuple[str, ...] = ("RS256", "PS256")
    elif isinstance(raw, ec.EllipticCurvePrivateKey) and isinstance(raw.curve, ec.SECP256R1):
        fits = ("ES256",)
    elif isinstance(raw, ed25519.Ed25519PrivateKey):
        fits = ("EdDSA", "Ed25519")
    else:
        raise KeyProblem("it is of a kind that devidp does not sign with: use RSA, P-256 or Ed25519")
    if algorithm not in fits:
        raise KeyProblem(
            f"it is a key for {' or '.join(fits)}, but signing_algorithm is {algorithm}; change one of them"
        )


def _named(jwk: Jwk, algorithm: str) -> SigningKey:
    return SigningKey(jwk.thumbprint(), algorithm, jwk)


def _with_kid(key: SigningKey) -> Jwk:
    key.jwk.ensure_kid()
    return key.jwk


def to_pem(key: SigningKey) -> str:
    """The private key as the store seals it."""
    raw = key.jwk.private_key
    if raw is None:
        raise KeyProblem(f"the key {key.kid} has no private part")
    return raw.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def from_pem(pem: str) -> Jwk:
    """What ``to_pem`` wrote; raises ValueError for anything else."""
    # it was sealed by us: checking the primes again costs 30 ms a key
    return _jwk(load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True))


def _jwk(raw: object) -> Jwk:
    if isinstance(raw, rsa.RSAPrivateKey):
        return RSAKey.import_key(raw)
    if isinstance(raw, ec.EllipticCurvePrivateKey):
        return ECKey.import_key(raw)
    if isinstance(raw, ed25519.Ed25519PrivateKey):
        return OKPKey.import_key(raw)
    raise KeyProblem("it is a key of an unknown kind")


def key_set(keys: Iterable[SigningKey]) -> KeySet:
    """``keys`` as verifiers take them."""
    return KeySet([_with_kid(key) for key in keys])
