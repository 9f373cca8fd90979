"""The times in a JWT that somebody else has signed (RFC 7519 section 4.1.4 to 4.1.6)."""

from __future__ import annotations

from typing import Any

from devidp.oauth.errors import quoted
from devidp.protocol.client_keys import NotVerified

LEEWAY = 60
"""Seconds by which the clock of a signer may be wrong."""


def check(now: float, claims: dict[str, Any]) -> None:
    """Raise NotVerified where ``exp``, ``nbf`` or ``iat`` is not a number, or says that the JWT does not count now."""
    for name in ("exp", "nbf", "iat"):
        value = claims.get(name, now)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
            raise NotVerified(f"its {name} is {quoted(value)}", f"Send {name} as seconds since the epoch, a number")
    if claims.get("exp", now) <= now - LEEWAY:
        raise NotVerified(f"it expired {now - claims['exp']:.0f} s ago", "Sign a new one each time; compare clocks")
    for name in ("nbf", "iat"):
        if claims.get(name, now) > now + LEEWAY:
            raise NotVerified(f"its {name} is {claims[name] - now:.0f} s in the future", "Compare the clocks")
