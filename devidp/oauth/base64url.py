"""base64url as JOSE and PKCE write it, without padding (RFC 7515 section 2)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Raises ValueError for what ``encode`` makes of nothing: other characters, padding, bits after the last byte."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        data = b""
    if encode(data) != text:
        raise ValueError("got text that is not base64url, expected whole bytes in A-Z a-z 0-9 - _ without padding")
    return data
