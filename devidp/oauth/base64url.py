"""base64url as JOSE and PKCE write it, without padding (RFC 7515 section 2)."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Raises ValueError for a character of another alphabet, padding included, and for a length that cannot be."""
    if not _ALPHABET.fullmatch(text):
        raise ValueError("got characters that base64url does not have, expected A-Z a-z 0-9 - _ without padding")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
