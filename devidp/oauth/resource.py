"""Where a token is to be used: resource indicators (RFC 8707), which are absolute URIs, and logical names."""

from __future__ import annotations

import re
from collections.abc import Collection

from devidp.oauth import redirect_uri

_NAME = re.compile(r"[A-Za-z0-9._~@-][!#-9;-\[\]-~]{0,254}")
"""Visible ASCII without quotes and backslashes; what holds a colon has to be a URI (RFC 7519 section 2)."""
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def problem(uri: str) -> str | None:
    """Why ``uri`` is not a resource indicator, or ``None`` where it is one (RFC 8707 section 2)."""
    if why := redirect_uri.malformed(uri):
        return why
    parts = redirect_uri.split(uri)
    if parts is None or not parts.scheme:
        return "it is not an absolute URI"
    if "#" in uri:
        return "it has a fragment"
    if parts.scheme in ("http", "https") and not parts.hostname:
        return "it has no host"
    return None


def is_name(text: str) -> bool:
    """Whether ``text`` is a logical name, such as a client id or a GUID (RFC 8693 section 2.1)."""
    return _NAME.fullmatch(text) is not None


def checked(text: str) -> str:
    """``text``; raises ValueError where it is neither a resource indicator nor a logical name."""
    if (why := problem(text)) and not is_name(text):
        raise ValueError(
            f"got {text!r}, but {why}; expected an absolute URI, such as http://localhost:8000/mcp, or a name without "
            "colons and spaces, such as orders or a GUID"
        )
    return text


def find(known: Collection[str], requested: str) -> str | None:
    """The known resource that ``requested`` names.

    One trailing slash more or less is the same resource, and so are capitals in scheme and host, and the default port.
    """
    if requested in known:
        return requested
    same = comparable(requested)
    return next((uri for uri in known if comparable(uri) == same), None)


def comparable(uri: str) -> str:
    """What all spellings of one resource have in common."""
    parts = redirect_uri.split(uri)
    if parts is None:
        return uri
    before, separator, after = uri.partition(parts.netloc) if parts.netloc else ("", "", uri)
    authority = separator.lower().removesuffix(DEFAULT_PORTS.get(parts.scheme, ""))
    return f"{before.lower()}{authority}{after}".removesuffix("/")


def is_loopback(uri: str) -> bool:
    """Whether ``uri`` is a web address on this machine."""
    parts = redirect_uri.split(uri)
    return parts is not None and parts.scheme in ("http", "https") and parts.hostname in redirect_uri.LOOPBACK_HOSTS
