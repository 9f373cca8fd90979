"""Who sends a request to devidp, and what it is called there."""

from __future__ import annotations

from typing import Final, Literal

from devidp.models import Event

Lane = Literal["client", "browser", "devidp", "api"]
LANES: Final[tuple[Lane, ...]] = ("client", "browser", "devidp", "api")
NAMES: Final[dict[Lane, str]] = {"client": "Client", "browser": "Browser", "devidp": "devidp", "api": "API"}

DISCOVERY: Final = frozenset({"openid-configuration", "oauth-authorization-server"})
KEYS: Final = frozenset({"jwks", "certificates"})
BROWSER: Final = frozenset(
    {
        "authorize", "login", "second-factor", "consent", "device", "device-login", "device-second-factor",
        "device-consent", "logout", "logout-confirm", "issuer", "landing",
    }
)  # fmt: skip
"""Endpoints that a browser opens, whoever sent it there."""
CLIENT: Final = frozenset({"register", "client-configuration", "par", "device_authorization", "token", "revoke"})
"""Endpoints that only a client calls: by these it is known."""
API: Final = frozenset({"introspect", "tokeninfo"})

Caller = tuple[str, str]
"""The address and the User-Agent of a caller."""


def caller_of(event: Event) -> Caller:
    """By what a caller is known again while nothing better is there."""
    return event.asked.get("address", ""), event.asked.get("user_agent", "")


def lane_of(event: Event, clients: frozenset[Caller] | set[Caller]) -> Lane:
    """Who sent the request; ``clients`` are the callers that are known to be the client."""
    if event.endpoint == "backchannel-logout":
        return "devidp"
    if event.endpoint in BROWSER:
        return "browser"
    if event.endpoint in API:
        return "api"
    if event.endpoint in KEYS and clients and caller_of(event) not in clients:
        return "api"
    return "client"
