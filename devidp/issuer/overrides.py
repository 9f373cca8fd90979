"""Overrides: users and clients that are added, changed or deleted at run time, checked by the rules of the seed.

An entry has the keys that ``users`` and ``clients`` have in the seed; SeedError says what is wrong with one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from typing import Any, TypeVar

from devidp.models import Client, IssuerSettings, Seed, User
from devidp.oauth import names
from devidp.seed import from_mapping
from devidp.store.overrides import OverrideSet

Entry = Mapping[str, Any]
Record = TypeVar("Record", User, Client)
USER_KEYS = ("sub", "password", "claims", "scopes", "disabled")
CLIENT_KEYS = (
    "name", "secret", "public", "grants", "redirect_uris", "scopes", "default_scopes", "default_audience", "lifetimes",
    "rotate_refresh_tokens", "consent", "disabled",
)  # fmt: skip
"""Keys of an entry in the seed that are attributes of the record."""


def with_changes(seed: Seed, overrides: OverrideSet) -> Seed:
    """``seed`` with the users and clients that were changed at run time."""
    if not overrides.users and not overrides.clients:
        return seed
    issuers = (
        replace(
            settings,
            users=_merged(settings.users, overrides.users.get(settings.name, {})),
            clients=_merged(settings.clients, overrides.clients.get(settings.name, {})),
        )
        for settings in seed.issuers
    )
    return replace(seed, issuers=tuple(issuers))


def _merged(seeded: Mapping[str, Record], changed: Mapping[str, Record | None]) -> Mapping[str, Record]:
    return {name: record for name, record in {**seeded, **changed}.items() if record is not None}


def new_user(username: str, entry: Entry, seed: Seed, settings: IssuerSettings) -> User:
    """The user that ``entry`` describes; raises SeedError."""
    return _parse(seed, settings, "users", username, entry).users[username]


def changed_user(user: User, changes: Entry, seed: Seed, settings: IssuerSettings) -> User:
    """``user`` with the keys of ``changes``; raises SeedError."""
    if "password" in changes:
        user = replace(user, password_hash=None)
    return _changed(
        user, _entry(user, USER_KEYS), changes, lambda entry: new_user(user.username, entry, seed, settings)
    )


def new_client(client_id: str, entry: Entry, seed: Seed, settings: IssuerSettings) -> Client:
    """The client that ``entry`` describes; raises SeedError."""
    entry = dict(entry)
    disabled = entry.pop("disabled", False)
    client = _parse(seed, settings, "clients", client_id, entry).clients[client_id]
    if not isinstance(disabled, bool):
        raise TypeError(f"disabled is {disabled!r}, expected true or false")
    return replace(client, disabled=disabled)


def changed_client(client: Client, changes: Entry, seed: Seed, settings: IssuerSettings) -> Client:
    """``client`` with the keys of ``changes``; raises SeedError."""
    entry = _entry(client, CLIENT_KEYS)
    if len(client.auth_methods) == 1 and client.auth_methods <= set(names.AUTH_METHODS):
        entry["auth_method"] = next(iter(client.auth_methods))
    return _changed(client, entry, changes, lambda entry: new_client(client.client_id, entry, seed, settings))


def _changed(record: Record, entry: Entry, changes: Entry, read: Callable[[Entry], Record]) -> Record:
    """``record`` with what ``changes`` make different: an entry does not hold everything that a record can."""
    before, after = read(entry), read({**entry, **changes})
    different = (each.name for each in fields(record) if getattr(before, each.name) != getattr(after, each.name))
    return replace(record, **{name: getattr(after, name) for name in different})


def _parse(seed: Seed, settings: IssuerSettings, table: str, name: str, entry: Entry) -> IssuerSettings:
    """The issuer of a seed that holds what ``entry`` may refer to, and the entry."""
    small = {
        "scopes": {scope: {} for scope in seed.scopes},
        "resources": {uri: {} for uri in seed.resources},
        "issuers": {settings.name: {"lifetimes": asdict(settings.lifetimes)}},
        table: {name: entry},
    }
    return from_mapping(small).issuers[0]


def _entry(record: User | Client, keys: tuple[str, ...]) -> dict[str, Any]:
    """``record`` as the seed would describe it."""
    entry = {key: getattr(record, key) for key in keys}
    return {key: _plain(value) for key, value in entry.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
