"""Whom and what the form offers: all of few, and of many those that are searched for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from devidp.issuer.issuer import Issuer
from devidp.oauth.identifiers import comparable
from devidp.web import pages
from devidp.web.pages.views import LISTED

FEW: Final = 25
"""Up to so many are suggested while one types; of more, a button searches."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found, ``more`` of which are not shown."""

    field: str
    wanted: str
    shown: Sequence[tuple[str, str]]
    """Names for the field, and what people call them."""
    more: int


@dataclass(frozen=True, slots=True)
class Picks:
    """What each field suggests; an empty one is searched."""

    users: Sequence[str]
    clients: Sequence[str]
    issuers: Sequence[str]
    audiences: Sequence[str]
    scopes: Sequence[str]


def picks(issuers: Sequence[Issuer], issuer: Issuer) -> Picks:
    """Those of ``issuer``, which is chosen or the first one."""
    settings, seed = issuer.settings, issuer.seed
    resources = dict.fromkeys(each.uri for each in seed.resources.values())
    return Picks(
        _few(settings.users),
        _few(settings.clients),
        [each.name for each in issuers],
        _few(resources),
        _few(seed.scopes),
    )


def search(issuer: Issuer, field: str, wanted: str) -> Found:
    """The users or clients that have ``wanted`` in a name; a registered client by its id."""
    if field == "user":
        people = pages.people(list(issuer.settings.users.values()), wanted)
        return Found(field, wanted, [(each.username, each.name) for each in people.shown], people.more)
    found = list(_clients(issuer, wanted))
    return Found(field, wanted, found[:LISTED], len(found[LISTED:]))


def _clients(issuer: Issuer, wanted: str) -> Iterator[tuple[str, str]]:
    for client in issuer.settings.clients.values():
        if not wanted or any(comparable(wanted) in comparable(text) for text in (client.client_id, client.name)):
            yield client.client_id, client.name or client.client_id
    registered = None if wanted in issuer.settings.clients else issuer.find_client(wanted) if wanted else None
    if registered is not None:
        yield registered.client_id, registered.name or registered.client_id


def _few(names: Iterable[str]) -> list[str]:
    found = list(islice(names, FEW + 1))
    return found if len(found) <= FEW else []
