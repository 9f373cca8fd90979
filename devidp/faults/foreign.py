"""Keys that are not in the JWK Set. Those of no ring are generated at their first use, and never stored."""

from __future__ import annotations

import threading

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


def _key(owner: str, algorithm: str) -> SigningKey:
    with _lock:
        if (owner, algorithm) not in _keys:
            _keys[owner, algorithm] = generate(algorithm)
        return _keys[owner, algorithm]
