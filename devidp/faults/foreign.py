"""Keys that are in no JWK Set: made when first asked for, once a process, and never shipped or stored."""

from __future__ import annotations

import threading
from typing import Literal

from devidp.keys import SigningKey, generate

Owner = Literal["attacker", "next", "former"]
"""Whose a key is: a stranger's, or this issuer's before it is published or after it has been withdrawn."""

_keys: dict[tuple[str, str], SigningKey] = {}
_lock = threading.Lock()


def key(owner: Owner, algorithm: str) -> SigningKey:
    """The key of ``owner`` for ``algorithm``, the same at every call."""
    with _lock:
        known = _keys.get((owner, algorithm))
        if known is None:
            known = _keys[(owner, algorithm)] = generate(algorithm)
        return known
