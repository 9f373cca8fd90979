"""The pages that only inform: what went wrong, and what is running here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from devidp.models import Client, User
from devidp.oauth.difference import Difference
from devidp.web.pages.developer import Developer
from devidp.web.pages.environment import render
from devidp.web.pages.views import LISTED, application, people


class HomeIssuer(NamedTuple):
    """An issuer on the landing page."""

    name: str
    issuer: str
    discovery_url: str
    jwks_url: str


def issuer(
    *, name: str, url: str, home: str, documents: Mapping[str, str], endpoints: Mapping[str, str], grants: Sequence[str]
) -> str:
    """``documents`` can be opened in a browser; ``endpoints`` are for clients, by their names in the metadata."""
    return render(
        "issuer.html", name_of=name, issuer=url, home=home, documents=documents, endpoints=endpoints, grants=grants
    )


def error(
    *,
    title: str,
    reason: str,
    remedy: str,
    section: str,
    status: int,
    details: Mapping[str, str],
    home: str,
    compared: Difference | None = None,
    flow: str = "",
    developer: Developer | None = None,
) -> str:
    """For what may not go back to the client. ``details`` are labels and received values, shown as text only.

    ``flow`` is where the dashboard shows what happened, ``home`` the landing page.
    """
    return render(
        "error.html",
        developer=developer,
        places=developer.places() if developer else {},
        title=title,
        reason=reason,
        remedy=remedy,
        section=section,
        status=status,
        details=details,
        home=home,
        compared=compared,
        flow=flow,
    )


def home(
    *,
    version: str,
    issuers: Sequence[HomeIssuer],
    users: Sequence[User],
    clients: Sequence[Client],
    curl: str = "",
    needs_secret: bool = False,
) -> str:
    """``curl`` is a command that yields a token; empty where no client can get one without a browser."""
    return render(
        "home.html",
        version=version,
        issuers=issuers,
        people=people(users),
        clients=[application(client) for client in clients[:LISTED]],
        more_clients=len(clients[LISTED:]),
        curl=curl,
        needs_secret=needs_secret,
    )
