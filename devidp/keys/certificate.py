"""A certificate of each key, signed by that key itself, for verifiers that read keys from certificates.

The same key has the same certificate in every worker and after a restart: nothing in it is random, and it is valid at
every time, so that devidp's clock can show any.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha1, sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from devidp.keys.signing_key import SigningKey
from devidp.oauth.base64url import encode

VALID_FROM = datetime(1970, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""No well-defined end (RFC 5280 section 4.1.2.5)."""
SERIAL_BYTES = 19
"""RFC 5280 section 4.1.2.2 allows 20, of which the first bit is the sign."""


def jwk_members(key: SigningKey) -> dict[str, Any]:
    """What a JWK says of the certificate of its key (RFC 7517 section 4.7 to 4.9)."""
    der = _certificate(key).public_bytes(Encoding.DER)
    return {
        "x5c": [b64encode(der).decode()],
        "x5t": encode(sha1(der, usedforsecurity=False).digest()),
        "x5t#S256": encode(sha256(der).digest()),
    }


def pem(key: SigningKey) -> str:
    """The certificate of ``key`` as PEM (RFC 7468 section 5)."""
    return _certificate(key).public_bytes(Encoding.PEM).decode()


def _certificate(key: SigningKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, key.kid)])
    private = key.jwk.private_key
    assert isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(int.from_bytes(b"\1" + sha256(key.kid.encode()).digest()[: SERIAL_BYTES - 1]))
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return builder.sign(private, None)
    deterministic = True if isinstance(private, ec.EllipticCurvePrivateKey) else None
    return builder.sign(private, SHA256(), ecdsa_deterministic=deterministic)
