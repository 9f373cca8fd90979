"""The clients of a devidp: of the seed or added, that registered themselves, and seen by document."""

from __future__ import annotations

from dataclasses import dataclass

from devidp.models import Client
from devidp.oauth.identifiers import comparable
from devidp.web.control.controller import Controller
from devidp.web.pages import Application, application
from devidp.web.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Row:
    """A client in the list."""

    client: Application
    disabled: bool
    redirect_uris: tuple[str, ...]
    issuers: tuple[str, ...]
    """The names of those that have the client."""


def find(runtime: Runtime, wanted: str) -> list[str]:
    """Ids of those of the seed or added with ``wanted`` in id, name or a redirect URI, in the order of the seed."""
    part = comparable(wanted)
    found = {
        client.client_id: None
        for issuer in runtime.issuers
        for client in issuer.settings.clients.values()
        if not part or _has(client, part)
    }
    return list(found)


def row(runtime: Runtime, client_id: str) -> Row:
    """The line of one of them, as the first issuer has it."""
    found = {each.name: at for each in runtime.issuers if (at := each.settings.clients.get(client_id)) is not None}
    first = next(iter(found.values()))
    return Row(application(first), first.disabled, first.redirect_uris, tuple(found))


def by_document(control: Controller, wanted: str) -> list[str]:
    """URLs that came as client ids, the newest first, as long as there are events of them; nothing is fetched."""
    came = (event.client for event in reversed(control.events.since()[0]) if "://" in event.client)
    return [url for url in dict.fromkeys(came) if comparable(wanted) in comparable(url)]


def _has(client: Client, part: str) -> bool:
    return any(part in comparable(text) for text in (client.client_id, client.name, *client.redirect_uris))
