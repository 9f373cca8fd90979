"""The endpoints: declared once each, here routes, metadata and CORS find them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Response

from devidp.endpoints.exchange import Exchange
from devidp.issuer import Issuer
from devidp.protocol import Server

View = Callable[[Server, Exchange], Response]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address below each issuer. ``metadata`` is its field in the discovery document, where it has one."""

    name: str
    path: str
    methods: tuple[str, ...]
    view: View = field(repr=False)
    metadata: str = ""
    feature: str = ""
    """The feature or grant of the issuer that it belongs to; empty where it is always there."""
    grant: str = ""
    """The grant that it needs beside the feature."""
    cors: bool = False
    """Whether a web page of another origin may call it, without credentials."""
    page: bool = False
    """Whether people see its errors, as pages."""
    frontchannel: bool = False
    """Whether browsers are sent to it, so that it stays on the public URL."""

    inserted: bool = False
    """Whether it is also served with its path before that of the issuer (RFC 8414 section 3.1)."""

    @property
    def allowed(self) -> tuple[str, ...]:
        """The methods that are answered: HEAD with GET, and OPTIONS for who asks from another origin."""
        head = ("HEAD",) if "GET" in self.methods else ()
        return (*self.methods, *head, *(("OPTIONS",) if self.cors else ()))

    def enabled(self, issuer: Issuer) -> bool:
        settings = issuer.settings
        needed = (name for name in (self.feature, self.grant) if name)
        return all(name in settings.features or name in settings.grants for name in needed)


ENDPOINTS: dict[str, Endpoint] = {}
METHODS = ("GET", "POST", "PUT", "DELETE", "OPTIONS")
"""Every method that an endpoint may have."""

_BY_PATH: dict[str, Endpoint] = {}


def locate(address: str) -> tuple[Endpoint, str] | None:
    """The endpoint at ``address``, and the path of the issuer that it is meant for: ``/default``, or empty."""
    address = address.rstrip("/")
    at_root = _BY_PATH.get(address)
    if at_root is not None:
        return at_root, ""
    segment, slash, rest = address[1:].partition("/")
    below = _BY_PATH.get(slash + rest)
    if below is not None:
        return below, f"/{segment}"
    front, _, last = address.rpartition("/")
    before = _BY_PATH.get(front)
    return (before, f"/{last}") if before is not None and before.inserted else None


def endpoint(
    name: str,
    path: str,
    methods: tuple[str, ...],
    *,
    metadata: str = "",
    feature: str = "",
    grant: str = "",
    cors: bool = False,
    page: bool = False,
    frontchannel: bool = False,
    inserted: bool = False,
) -> Callable[[View], View]:
    """Register the decorated function."""

    def register(view: View) -> View:
        made = Endpoint(name, path, methods, view, metadata, feature, grant, cors, page, frontchannel, inserted)
        ENDPOINTS[name] = _BY_PATH[path] = made
        return view

    return register
