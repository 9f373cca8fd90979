"""Finds issuers by name or URL."""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.models.addresses import follows
from devidp.web.control.errors import UnknownName
from devidp.web.runtime import Runtime


def named(runtime: Runtime, name: str | None) -> Issuer:
    """The issuer with this name or URL; without one, the first."""
    if name is None:
        return runtime.first()
    found = next((issuer for issuer in runtime.issuers if name in (issuer.name, issuer.url)), None)
    if found is None:
        raise UnknownName("issuer", name, (issuer.name for issuer in runtime.issuers))
    return found


def called(runtime: Runtime, name: str | None, base_url: str | None = None) -> Issuer:
    """As ``named``, by the URL that is its ``name``, or below ``base_url``, for issuers that follow the host."""
    for issuer in runtime.issuers:
        if name not in (None, issuer.url) and issuer.is_called(name):
            return issuer.called(name.removesuffix(issuer.settings.path))
    issuer = named(runtime, name)
    return issuer.called(base_url) if base_url and follows(issuer.settings, base_url) else issuer


def matching(runtime: Runtime, name: str | None) -> list[Issuer]:
    """The issuer with this name or URL; without one, all of them."""
    return runtime.issuers if name is None else [named(runtime, name)]
