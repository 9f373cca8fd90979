"""Resource indicators (RFC 8707): absolute URIs without a fragment that say where a token is to be used."""

from __future__ import annotations

from collections.abc import Iterable

from devidp.oauth import redirect_uri


def problem(uri: str) -> str | None:
    """Why ``uri`` is not a resource indicator, or ``None`` where it is one (RFC 8707 section 2)."""
    parts = redirect_uri.split(uri)
    if parts is None or not parts.scheme:
        return "it is not an absolute URI"
    if "#" in uri:
        return "it has a fragment"
    if parts.scheme in ("http", "https") and not parts.hostname:
        return "it has no host"
    return None


def find(known: Iterable[str], requested: str) -> str | None:
    """The known resource that ``requested`` names: one trailing slash more or less is the same resource."""
    candidates = set(known)
    for uri in (requested, f"{requested}/", requested.removesuffix("/")):
        if uri in candidates:
            return uri
    return None


def is_loopback(uri: str) -> bool:
    """Whether ``uri`` is a web address on this machine."""
    parts = redirect_uri.split(uri)
    return parts is not None and parts.scheme in ("http", "https") and parts.hostname in redirect_uri.LOOPBACK_HOSTS
