"""Keys that are not in the JWK Set. Those that no ring has are made when first asked for, and never stored."""

from __future__ import annotations

import threading
from typing import Literal

from devidp.keys import KeyRing, SigningKey
from devidp.keys.material import generate

Owner = Literal["stranger", "next", "former"]

_keys: dict[tuple[str, str], SigningKey] = {}
_lock = threading.Lock()


def stranger_key(algorithm: str) -> SigningKey:
    """A key that has nothing to do with any issuer, the same at every call."""
    return _key("stranger", algorithm)


def retired_key(ring: KeyRing, algorithm: str) -> SigningKey:
    """The newest retired key of ``ring``; where nothing has been retired yet, one that stands for it."""
    retired = (key for key in ring.all_keys() if key.state == "retired" and key.algorithm == algorithm)
    return next(retired, None) or _key("former", algorithm)


def unpublished_key(ring: KeyRing, algorithm: str) -> SigningKey:
    """The newest hidden key of ``ring``; where nothing is hidden, one that stands for the next."""
    hidden = (key for key in ring.all_keys() if key.hidden and key.state != "retired" and key.algorithm == algorithm)
    return next(hidden, None) or _key("next", algorithm)


def _key(owner: Owner, algorithm: str) -> SigningKey:
    with _lock:
        known = _keys.get((owner, algorithm))
        if known is None:
            known = _keys[(owner, algorithm)] = generate(algorithm)
        return known
