"""Clients that registered themselves."""

from __future__ import annotations

from typing import Any

from devidp.web.api.operation import Body, Result, operation
from devidp.web.control.controller import Controller
from devidp.web.control.limits import LIMIT


class RegistrationsPage(Body):
    """Those with `part` in their id or metadata, at `issuer` by name or URL; `limit` after the first `offset`."""

    part: str = ""
    issuer: str | None = None
    limit: int = LIMIT
    offset: int = 0


class Registration(Result):
    """A client that registered itself; instants are seconds since the epoch."""

    client_id: str
    issuer: str
    name: str
    redirect_uris: list[str]
    registered_at: int
    expires_at: int | None
    """When it is forgotten unless it gets a token; null: it has had one, and stays."""


class Registrations(Result):
    """Registered clients, the newest first; `total` counts those on other pages too."""

    registrations: list[Registration]
    total: int


@operation(RegistrationsPage, Registrations)
def registrations(control: Controller, query: RegistrationsPage) -> Any:
    """List the clients that registered themselves (RFC 7591)."""
    total = control.clients.count_registered(query.part, issuer=query.issuer)
    return {"registrations": control.clients.registered(**query.keywords()), "total": total}
