"""The Authorization header (RFC 9110 section 11.6.2): credentials of a client, and a token."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote


def basic(client_id: str, secret: str) -> str:
    """Each part is encoded as in a form before they are joined (RFC 6749 section 2.3.1)."""
    # a space is %20, which those also decode who take a plus sign for one
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def bearer(header: str) -> str | None:
    """The token in ``header`` (RFC 6750 section 2.1); ``None`` without one."""
    scheme, _, token = header.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
