"""Finds issuers by name or URL."""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.web.control.errors import UnknownName
from devidp.web.following import base_called
from devidp.web.runtime import Runtime


def named(runtime: Runtime, name: str | None) -> Issuer:
    """The issuer with this name or URL; without one, the first."""
    if name is None:
        return runtime.first()
    found = next((issuer for issuer in runtime.issuers if name in (issuer.name, issuer.url)), None)
    if found is None:
        raise UnknownName("issuer", name, (issuer.name for issuer in runtime.issuers))
    return found


def called(runtime: Runtime, name: str | None, origin: str = "") -> Issuer:
    """As ``named``, by the URL that is its ``name``, or as called at ``origin``, for issuers that follow the host."""
    for issuer in runtime.issuers:
        if name not in (None, issuer.url) and issuer.is_called(name):
            return issuer.called(name.removesuffix(issuer.settings.path))
    issuer = named(runtime, name)
    base = base_called(runtime, issuer.settings, origin)
    return issuer if base is None else issuer.called(base)


def matching(runtime: Runtime, name: str | None) -> list[Issuer]:
    """The issuer with this name or URL; without one, all of them."""
    return runtime.issuers if name is None else [named(runtime, name)]
