"""What a token may do, as its text says it: the MCP server of the judge protects nothing, and checks no signature."""

from __future__ import annotations

import json

from devidp.oauth import base64url


def scopes_of(token: str) -> frozenset[str] | None:
    """The scopes that a JWT names; ``None`` where it is none, or names none."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64url.decode(parts[1]))
    except ValueError:
        return None
    found = claims.get("scope", claims.get("scp")) if isinstance(claims, dict) else None
    if isinstance(found, list):
        return frozenset(str(each) for each in found)
    return frozenset(found.split()) if isinstance(found, str) else None
