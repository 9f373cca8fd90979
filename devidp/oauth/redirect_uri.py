"""Redirect URIs: which may be registered, and which registered one a request matches.

Exact string comparison, with one exception: a loopback address over http matches on any port
(OAuth 2.1 section 2.3.1, RFC 8252 section 7.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import SplitResult, urlencode, urlsplit

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
FORBIDDEN_SCHEMES = frozenset(
    {"javascript", "data", "vbscript", "file", "blob", "about", "view-source", "filesystem", "mailto", "ws", "wss"}
)
"""Schemes that run script, read local files or never reach a client."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*\Z")
_UNSAFE = re.compile(r"[^!#-;=?-\[\]_a-z~]")
"""Whatever a URI may not hold as it is (RFC 3986 section 2)."""
_HOST_AND_PORT = re.compile(r"(?!https?:)[^/?#:]+:[0-9]{1,5}(?![^/?#])")
"""``localhost:3000/callback``: to a parser, ``localhost`` is its scheme."""


def split(uri: str) -> SplitResult | None:
    """The parts of ``uri``, or ``None`` where it cannot be parsed (a port of ``x``, an open bracket)."""
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018 - the property raises for a port that is no number
    except ValueError:
        return None
    return parts


def malformed(uri: str) -> str | None:
    """Why ``uri`` is no absolute URI, or ``None`` where it may be one (RFC 3986 section 4.3)."""
    if unsafe := _UNSAFE.search(uri):
        return f"it holds the character {unsafe.group()!r}, which must be percent-encoded"
    if _HOST_AND_PORT.match(uri):
        return f"its scheme is missing: it would be http://{uri}"
    return None


def problem(uri: str) -> str | None:
    """Why ``uri`` may not be a redirect URI, or ``None`` where it may (OAuth 2.1 section 2.3, RFC 8252 section 7)."""
    if why := malformed(uri):
        return why
    parts = split(uri)
    if parts is None:
        return "it is not a URI"
    scheme = parts.scheme
    if not scheme:
        return "it is not absolute: a scheme such as https is missing"
    if not _SCHEME.match(scheme) or scheme in FORBIDDEN_SCHEMES:
        return f"the scheme {scheme}: is not allowed"
    if "#" in uri:
        return "it has a fragment"
    if scheme not in ("http", "https"):
        return None if uri[len(scheme) + 1 :] else "nothing follows the scheme"
    if not parts.hostname:
        return "it has no host"
    if parts.username is not None or parts.password is not None:
        return "it holds a user name or password"
    return None


def web_problem(uri: str) -> str | None:
    """Why nothing can be fetched from ``uri`` or posted to it, or ``None`` where it may be."""
    return problem(uri) or (None if uri.lower().startswith(("http:", "https:")) else "it is not a web address")


def is_loopback(uri: str) -> bool:
    """Whether ``uri`` is http on this machine: there the port does not count."""
    parts = split(uri)
    return parts is not None and parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS


def matches(registered: str, requested: str) -> bool:
    """Whether ``requested`` is ``registered``, the port aside where both are loopback."""
    if registered == requested:
        return True
    # what splits like a good URI may hold line breaks or a fragment that splitting drops
    if problem(requested) or not (is_loopback(registered) and is_loopback(requested)):
        return False
    return _without_port(registered) == _without_port(requested)


def find(registered: Iterable[str], requested: str) -> str | None:
    """The registered URI that ``requested`` matches, or ``None``."""
    return next((uri for uri in registered if matches(uri, requested)), None)


def as_requested(registered: Iterable[str], requested: str) -> Iterator[str]:
    """What of ``registered`` a request could send: a loopback address with the port that ``requested`` has."""
    parts = split(requested) if is_loopback(requested) else None
    for uri in registered:
        mine = split(uri) if parts is not None and is_loopback(uri) else None
        if parts is None or mine is None:
            yield uri
        else:
            host = mine.netloc.removesuffix(f":{mine.port}")
            yield mine._replace(netloc=host if parts.port is None else f"{host}:{parts.port}").geturl()


def with_query(uri: str, answer: Mapping[str, str]) -> str:
    """``uri`` with ``answer`` added to its query; what it had stays as it was (RFC 6749 section 3.1.2)."""
    joint = "&" if "?" in uri else "?"
    return f"{uri}{joint}{urlencode(answer)}"


def with_fragment(uri: str, answer: Mapping[str, str]) -> str:
    """``uri`` with ``answer`` as its fragment (OAuth 2.0 Multiple Response Type Encoding Practices section 2.1)."""
    return f"{uri}#{urlencode(answer)}"


def _without_port(uri: str) -> tuple[object, ...]:
    parts = urlsplit(uri)
    # an empty path is the same resource as "/" (RFC 3986 section 6.2.3), and clients send either
    return (parts.hostname, parts.path or "/", parts.query)
