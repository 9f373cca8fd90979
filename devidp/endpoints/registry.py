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

    def enabled(self, issuer: Issuer) -> bool:
        on = issuer.settings.features | issuer.settings.grants
        return all(needed in on for needed in (self.feature, self.grant) if needed)


ENDPOINTS: dict[str, Endpoint] = {}


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
) -> Callable[[View], View]:
    """Register the decorated function."""

    def register(view: View) -> View:
        ENDPOINTS[name] = Endpoint(name, path, methods, view, metadata, feature, grant, cors, page, frontchannel)
        return view

    return register
