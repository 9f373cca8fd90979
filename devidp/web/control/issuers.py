"""Finds the issuers that a request to the controller means."""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.web.control.problems import NoSuch
from devidp.web.installation import Installation


def every(installation: Installation) -> list[Issuer]:
    return [server.issuer for server in installation.servers.values()]


def named(installation: Installation, name: str | None) -> Issuer:
    """The issuer with this name or URL; without one, the first."""
    if name is None:
        return installation.first()
    found = next((issuer for issuer in every(installation) if name in (issuer.name, issuer.url)), None)
    if found is None:
        raise NoSuch("issuer", name, (issuer.name for issuer in every(installation)))
    return found


def meant(installation: Installation, name: str | None) -> list[Issuer]:
    """The issuer with this name or URL; without one, all of them."""
    return every(installation) if name is None else [named(installation, name)]
