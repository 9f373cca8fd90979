"""JSON Web Tokens: what is to be signed, signing it, and verifying what comes back. The only module that signs.

A ``Draft`` is a token before its signature: faults and vendor profiles are functions from draft to draft.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256, sha512
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from devidp.keys import SigningKey

ACCESS_TOKEN_TYPE = "at+jwt"
ID_TOKEN_TYPE = "JWT"
_HASHES: dict[str, Callable[[bytes], Any]] = {"EdDSA": sha512}


@dataclass(frozen=True, slots=True)
class Draft:
    """Header, claims and key of a token that has not been signed yet."""

    header: dict[str, Any]
    claims: dict[str, Any]
    key: SigningKey


class _Registry(JWSRegistry):
    """joserfc warns at every use of the name EdDSA, which RFC 9864 deprecates; verifiers know no other yet."""

    def get_alg(self, name: str) -> Any:
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError(f"Algorithm of '{name}' is not allowed")
        return self.algorithms[name]


def draft(token_type: str, claims: dict[str, Any], key: SigningKey) -> Draft:
    """A draft with the header that every token has: ``alg``, ``typ`` and ``kid`` (RFC 9068 section 2.1)."""
    return Draft({"alg": key.algorithm, "typ": token_type, "kid": key.kid}, claims, key)


def sign(unsigned: Draft) -> str:
    """The compact serialization (RFC 7515 section 7.1)."""
    registry = _Registry(algorithms=[unsigned.key.algorithm])
    return jwt.encode(unsigned.header, unsigned.claims, unsigned.key.jwk, registry=registry, default_type=None)


def verify(token: str, keys: KeySet, algorithms: list[str], token_type: str) -> dict[str, Any] | None:
    """The claims of ``token`` where one of ``keys`` signed it and its ``typ`` is ``token_type``; otherwise ``None``."""
    try:
        decoded = jwt.decode(token, keys, registry=_Registry(algorithms=algorithms))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if decoded.header.get("typ") != token_type or not isinstance(decoded.claims, dict):
        return None
    return decoded.claims


def half_hash(value: str, algorithm: str) -> str:
    """``at_hash`` and ``c_hash``: the left half of the hash that the algorithm uses (OpenID Connect Core 3.1.3.6)."""
    hashed = _HASHES.get(algorithm, sha256)(value.encode("ascii")).digest()
    return urlsafe_b64encode(hashed[: len(hashed) // 2]).rstrip(b"=").decode("ascii")
