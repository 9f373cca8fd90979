"""Users and clients that are added, changed or deleted while devidp runs, checked by the rules of the seed.

An entry has the keys that ``users`` and ``clients`` have in the seed; SeedError says what is wrong with one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

from devidp.models import Client, IssuerSettings, Seed, User
from devidp.oauth import names
from devidp.seed import from_mapping
from devidp.store.controls import Controlled

Entry = Mapping[str, Any]
Record = TypeVar("Record", User, Client)


def with_changes(seed: Seed, controlled: Controlled) -> Seed:
    """``seed`` with the users and clients that were changed at run time."""
    if not controlled.users and not controlled.clients:
        return seed
    return replace(seed, issuers=tuple(_issuer(settings, controlled) for settings in seed.issuers))


def _issuer(settings: IssuerSettings, controlled: Controlled) -> IssuerSettings:
    return replace(
        settings,
        users=_merged(settings.users, controlled.users.get(settings.name, {})),
        clients=_merged(settings.clients, controlled.clients.get(settings.name, {})),
    )


def _merged(seeded: Mapping[str, Record], changed: Mapping[str, Record | None]) -> Mapping[str, Record]:
    everything = {**seeded, **changed}
    return {name: record for name, record in everything.items() if record is not None}


def new_user(username: str, entry: Entry, seed: Seed, settings: IssuerSettings) -> User:
    """The user that ``entry`` describes; raises SeedError."""
    return _checked(seed, settings, "users", username, entry).users[username]


def changed_user(user: User, changes: Entry, seed: Seed, settings: IssuerSettings) -> User:
    """``user`` with the keys of ``changes``; raises SeedError."""
    if "password" in changes:
        user = replace(user, password_hash=None)
    entry = _user_entry(user)
    before = new_user(user.username, entry, seed, settings)
    return _with_difference(user, before, new_user(user.username, {**entry, **changes}, seed, settings))


def new_client(client_id: str, entry: Entry, seed: Seed, settings: IssuerSettings) -> Client:
    """The client that ``entry`` describes; raises SeedError."""
    described = {key: value for key, value in entry.items() if key != "disabled"}
    client = _checked(seed, settings, "clients", client_id, described).clients[client_id]
    return replace(client, disabled=_flag(entry.get("disabled", False)))


def changed_client(client: Client, changes: Entry, seed: Seed, settings: IssuerSettings) -> Client:
    """``client`` with the keys of ``changes``; raises SeedError."""
    entry = _client_entry(client)
    before = new_client(client.client_id, entry, seed, settings)
    return _with_difference(client, before, new_client(client.client_id, {**entry, **changes}, seed, settings))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"disabled is {value!r}, expected true or false")
    return value


def _with_difference(record: Record, before: Record, after: Record) -> Record:
    """``record`` with what differs between two readings: an entry does not hold everything that a record can."""
    names_of = [each.name for each in fields(record) if getattr(before, each.name) != getattr(after, each.name)]
    return replace(record, **{name: getattr(after, name) for name in names_of})


def _checked(seed: Seed, settings: IssuerSettings, table: str, name: str, entry: Entry) -> IssuerSettings:
    """The issuer of a seed that holds what ``entry`` may refer to, and the entry."""
    small = {
        "scopes": {scope: {} for scope in seed.scopes},
        "resources": {uri: {} for uri in seed.resources},
        "issuers": {settings.name: {"lifetimes": asdict(settings.lifetimes)}},
        table: {name: entry},
    }
    return from_mapping(small).issuers[0]


def _user_entry(user: User) -> dict[str, Any]:
    entry = {
        "sub": user.sub,
        "password": user.password,
        "claims": dict(user.claims),
        "scopes": _listed(user.scopes),
        "disabled": user.disabled,
    }
    return {key: value for key, value in entry.items() if value is not None}


def _client_entry(client: Client) -> dict[str, Any]:
    method = next(iter(client.auth_methods)) if len(client.auth_methods) == 1 else None
    entry = {
        "name": client.name,
        "secret": client.secret,
        "public": client.public,
        "auth_method": method if method in names.AUTH_METHODS else None,
        "grants": sorted(client.grants),
        "redirect_uris": list(client.redirect_uris),
        "scopes": _listed(client.scopes),
        "default_scopes": None if client.default_scopes is None else list(client.default_scopes),
        "default_audience": client.default_audience,
        "lifetimes": asdict(client.lifetimes) if client.lifetimes else None,
        "rotate_refresh_tokens": client.rotate_refresh_tokens,
        "consent": client.consent,
        "disabled": client.disabled,
    }
    return {key: value for key, value in entry.items() if value is not None}


def _listed(values: Iterable[str] | None) -> list[str] | None:
    return None if values is None else sorted(values)
