"""Where failures can be scripted, and what is known there of a request."""

from __future__ import annotations

from devidp.oauth import names
from devidp.web.endpoints import ENDPOINTS

GROUPED = {
    "openid-configuration": "discovery",
    "oauth-authorization-server": "discovery",
    "login": "authorize",
    "second-factor": "authorize",
    "consent": "authorize",
    "device-login": "device",
    "device-second-factor": "device",
    "device-consent": "device",
    "logout-confirm": "logout",
}
"""Endpoints that go by the name of another: two addresses of one document, and the pages of one request."""
CRITERIA: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "authorize": (("client", "state"), ("client", "state", "user")),
    "client-configuration": (("client",), ("client",)),
    "device": ((), ("client", "user")),
    "device_authorization": (("client",), ("client",)),
    "introspect": (("client",), ("client", "user")),
    "logout": (("client",), ("client", "user")),
    "par": (("client", "state"), ("client", "state")),
    "revoke": (("client",), ("client",)),
    "token": (("client", "grant", "state", "user"), ("client", "grant", "state", "user")),
    "userinfo": (("client", "user"), ("client", "user")),
}
"""What is known of a request beside its issuer, before it is served and after; nothing where no entry is."""
KNOWN_USER = (names.AUTHORIZATION_CODE, names.REFRESH_TOKEN, names.DEVICE_CODE)
"""Grants whose user is known before they are served."""


def places() -> list[str]:
    """The names of the endpoints at which failures can be scripted."""
    return list(dict.fromkeys(GROUPED.get(name, name) for name in ENDPOINTS))
