"""joserfc as devidp uses it: unknown header parameters are ignored, and a header may hold a key.

joserfc refuses any header parameter that is not registered, and headers above 512 bytes, which a DPoP proof under an
RSA key exceeds. It also warns at each use of the name EdDSA, which RFC 9864 deprecates and nearly everybody sends.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwt import Token

from devidp.oauth.jwk_set import Key

ALGORITHMS = jws.JWSRegistry.algorithms
"""Signing and verifying by the name of the algorithm (RFC 7518 section 3.1)."""


class _Registry(jws.JWSRegistry):
    max_header_length = 8 * 1024

    def get_alg(self, name: str) -> Any:
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError(f"Algorithm of '{name}' is not allowed")
        return ALGORITHMS[name]


def decode(token: str, key: Key, algorithms: Collection[str]) -> Token:
    """Header and claims of ``token``, verified; raises JoseError or ValueError."""
    found = jwt.decode(token, key, algorithms, _Registry(algorithms=algorithms, strict_check_header=False))
    if found.header.get("crit") == []:
        raise ValueError("crit is empty")  # RFC 7515 section 4.1.11, which joserfc does not look at
    return found


def is_signature(signature: bytes, data: bytes, key: Any, algorithm: str) -> bool:
    """Whether ``signature`` is one of ``key`` (a JWK) over ``data``."""
    try:
        return ALGORITHMS[algorithm].verify(data, signature, key)
    except (JoseError, ValueError, TypeError, KeyError):
        return False


def extract(token: str) -> tuple[dict[str, Any], bytes]:
    """Header and payload of ``token`` before anything is verified; raises JoseError or ValueError."""
    parts = jws.extract_compact(token.encode(), registry=_Registry(algorithms=(), strict_check_header=False))
    return parts.headers(), parts.payload
