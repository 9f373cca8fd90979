"""Keys that are not in the JWK Set. Those of no ring are generated at their first use, and never stored."""

from __future__ import annotations

import secrets
import threading
from typing import Any

from joserfc.jwk import OctKey

from devidp.keys import KeyRing, SigningKey
from devidp.keys.material import generate

_keys: dict[tuple[str, str], SigningKey] = {}
_lock = threading.Lock()


def unrelated_key(algorithm: str) -> SigningKey:
    """A key that belongs to no issuer, the same at every call."""
    return _key("unrelated", algorithm)


def retired_key(ring: KeyRing, algorithm: str) -> SigningKey:
    """The newest retired key of ``ring``; where none is retired yet, a stand-in."""
    retired = (key for key in ring.all_keys() if key.state == "retired" and key.algorithm == algorithm)
    return next(retired, None) or _key("former", algorithm)


def unpublished_key(ring: KeyRing, algorithm: str) -> SigningKey:
    """The newest hidden key of ``ring``; where none is hidden, a stand-in for the next."""
    hidden = (key for key in ring.all_keys() if key.hidden and key.state != "retired" and key.algorithm == algorithm)
    return next(hidden, None) or _key("next", algorithm)


def secret_key(secret: str) -> SigningKey:
    """A client secret that signs (OpenID Connect Core section 10.1); it has no ``kid``."""
    jwk: Any = OctKey.import_key(secret)  # no issuer signs with one, so it is none of the kinds of a SigningKey
    return SigningKey("", "HS256", jwk)


def _key(owner: str, algorithm: str) -> SigningKey:
    with _lock:
        if (owner, algorithm) not in _keys:
            made = secret_key(secrets.token_urlsafe(32)) if algorithm == "HS256" else generate(algorithm)
            _keys[owner, algorithm] = made
        return _keys[owner, algorithm]
