"""What the page of a client shows: never its secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from devidp.dashboard.controls import instants, state
from devidp.dashboard.people import typed
from devidp.dashboard.size import fits
from devidp.issuer.entries import entry_of
from devidp.models import Client
from devidp.seed.client import ClientEntry
from devidp.web.control.controller import Controller
from devidp.web.pages import Application, application

LARGEST = 15_000
"""Bytes of settings that are edited on a page."""
Origin = Literal["seed", "registered", "document", "changed", "added", "default"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A key of the seed, its value as JSON, and who said so."""

    key: str
    value: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class View:
    """A client at all issuers that have it, or at the one that was chosen."""

    client_id: str
    client: Application
    issuer: str | None
    issuers: tuple[str, ...]
    standing: Literal["added", "changed", "seed", "registered", "document"]
    disabled: bool
    confidential: bool
    registered: tuple[tuple[str, str], ...]
    """The issuers where it registered itself, and when."""
    said: tuple[Setting, ...]
    """What is otherwise than it is by default."""
    defaults: tuple[Setting, ...]
    entry: dict[str, Any]
    """What was said, with the keys of the seed, without the secret."""
    fits: bool
    """Whether a page can hold all of that twice."""
    redirect_uris: tuple[str, ...]
    authorizations: int


def view(control: Controller, client_id: str, issuer: str | None) -> View:
    """Raises UnknownName where there is no such client; a document may be fetched for it."""
    found = control.clients[client_id].find(issuer)
    record = next(iter(found.values()))
    standing = _standing(control, record)
    settings, entry = _settings(control, record, standing), said(record)
    stored = {each: each.store.clients.find(client_id) for each in found}
    return View(
        client_id=client_id,
        client=application(record),
        issuer=issuer,
        issuers=tuple(each.name for each in control.clients[client_id].find()),
        standing=standing,
        disabled=record.disabled,
        confidential=record.secret is not None,
        registered=tuple((at.name, instants.date(each.registered_at)) for at, each in stored.items() if each),
        said=tuple(each for each in settings if each.origin != "default"),
        defaults=tuple(each for each in settings if each.origin == "default"),
        entry=entry,
        fits=fits(typed.written(entry), LARGEST),
        redirect_uris=record.redirect_uris,
        authorizations=control.authorizations.count(client=client_id, issuer=issuer),
    )


def said(record: Client) -> dict[str, Any]:
    """The keys of the seed that say something of ``record``, but for the secret."""
    entry = entry_of(record)
    return {key: value for key, value in entry.items() if key != "secret" and value not in (None, _default(key))}


def _default(key: str) -> Any:
    """What a client has that says nothing."""
    if key in ("lifetimes", "pkce"):
        return None
    return ClientEntry.model_fields[key].get_default(call_default_factory=True)


def _settings(control: Controller, record: Client, standing: str) -> list[Setting]:
    before = next(
        (each.clients[record.client_id] for each in control.runtime.seed.issuers if record.client_id in each.clients),
        None,
    )
    seeded = {} if before is None else entry_of(before)
    rows = []
    for key, value in entry_of(record).items():
        if key == "secret":
            continue
        origin: Origin = "default"
        if value not in (None, _default(key)):
            changed = standing == "changed" and before is not None and value != seeded.get(key)
            origin = "changed" if changed else _said_by(record, standing)
        rows.append(Setting(key, typed.written(value), origin))
    return rows


def _said_by(record: Client, standing: str) -> Origin:
    if record.document is not None:
        return "document"
    if record.registered:
        return "registered"
    return "added" if standing == "added" else "seed"


def _standing(control: Controller, record: Client) -> Literal["added", "changed", "seed", "registered", "document"]:
    changes = state.changes(control, "clients")
    overridden = record.client_id in (*changes.added, *changes.changed)
    if overridden:
        return "changed" if record.registered or record.client_id in changes.changed else "added"
    if record.document is not None:
        return "document"
    return "registered" if record.registered else "seed"
