"""Users and clients that are added or changed at run time, read and checked by the rules of the seed.

An entry has the keys that ``users`` and ``clients`` have in the seed; SeedError says what is wrong with one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from typing import Any, TypeVar

from devidp.models import Client, ClientSettings, IssuerSettings, Seed, User
from devidp.oauth import names
from devidp.seed import Problem, SeedError, crosschecks, from_file
from devidp.seed.build_client import METADATA
from devidp.seed.client import ClientEntry
from devidp.seed.entries import ClientLifetimesEntry, UserEntry
from devidp.seed.fields import flag
from devidp.seed.problems import format_place
from devidp.seed.reading import from_mapping

Entry = Mapping[str, Any]
Record = TypeVar("Record", User, Client)

_NO_FILE = "got `{}`, and only a seed may name a file; give what is in the file"


def check(seed: Seed, changed: str = "") -> None:
    """What the seed checks across its entries, for one with changes, ``changed`` as the last; raises SeedError."""
    for settings in seed.issuers:
        in_order = sorted(settings.users.values(), key=lambda user: user.username == changed)
        users = {user.username: {"sub": user.sub} for user in in_order}
        if found := list(crosschecks.subjects(users, ("users",))):
            raise SeedError(Problem("", None, format_place(place), message) for place, message in found)


def new_user(username: str, entry: Entry, seed: Seed, settings: IssuerSettings) -> User:
    """The user that ``entry`` describes; raises SeedError."""
    return _parse(seed, settings, "users", username, entry).users[username]


def changed_user(user: User, changes: Entry, seed: Seed, settings: IssuerSettings) -> User:
    """``user`` with the keys of ``changes``; raises SeedError."""
    if "password" in changes:
        user = replace(user, password_hash=None)
    return _changed(user, changes, lambda entry: new_user(user.username, entry, seed, settings))


def new_client(client_id: str, entry: Entry, seed: Seed, settings: IssuerSettings) -> Client:
    """The client that ``entry`` describes; raises SeedError."""
    return _parse(seed, settings, "clients", client_id, entry).clients[client_id]


def changed_client(client: Client, changes: Entry, seed: Seed, settings: IssuerSettings) -> Client:
    """``client`` with the keys of ``changes``; raises SeedError."""
    changed = _changed(client, changes, lambda entry: new_client(client.client_id, entry, seed, settings))
    registered = {name: value for name, value in client.metadata.items() if name not in METADATA}
    return replace(changed, metadata={**registered, **changed.metadata})


def _changed(record: Record, changes: Entry, read: Callable[[Entry], Record]) -> Record:
    """``record`` with what ``changes`` make different: an entry does not hold everything that a record can."""
    if changes.keys() == {"disabled"}:
        # depends on nothing else, so also who registered with what a seed cannot say can be disabled
        wanted = changes["disabled"]
        return replace(record, disabled=False if wanted is None else flag(wanted))
    entry = entry_of(record)
    before, after = read(entry), read({**entry, **changes})
    different = {
        each.name: getattr(after, each.name)
        for each in fields(record)
        if getattr(before, each.name) != getattr(after, each.name)
    }
    return replace(record, **different)


def _parse(seed: Seed, settings: IssuerSettings, table: str, name: str, entry: Entry) -> IssuerSettings:
    """The issuer of a seed that holds what ``entry`` may refer to, and the entry; ``None`` counts as left out."""
    _expect_no_file(table, name, entry)
    small = {
        "scopes": {scope: {} for scope in seed.scopes},
        "resources": {uri: {} for uri in seed.resources},
        "issuers": {
            **{each.name: {} for each in seed.issuers},
            settings.name: {"lifetimes": asdict(settings.lifetimes)},
        },
        table: {name: {key: value for key, value in entry.items() if value is not None}},
    }
    return next(each for each in from_mapping(small).issuers if each.name == settings.name)


def _expect_no_file(table: str, name: str, entry: Entry) -> None:
    """Whoever may call the control API need not be who may read files here."""
    model = UserEntry if table == "users" else ClientEntry
    named = [key for key in entry if key in model.model_fields and from_file.names_file(key)]
    if named:
        raise SeedError(Problem("", None, format_place((table, name, key)), _NO_FILE.format(key)) for key in named)


def entry_of(record: User | Client) -> dict[str, Any]:
    """``record`` with the keys that it has in the seed; ``None`` where it says nothing."""
    model = UserEntry if isinstance(record, User) else ClientEntry
    return {key: _plain(_value(record, key)) for key in model.model_fields if not from_file.names_file(key)}


def _value(record: User | Client, key: str) -> Any:
    if isinstance(record, User):
        return getattr(record, key)
    match key:
        case "auth_method":
            return next(iter(record.auth_methods)) if len(record.auth_methods) == 1 else None
        case "pairwise_sector":
            return record.sector
        case "grants":  # one that registered may name others, such as implicit
            return sorted(record.grants & names.GRANTS.keys()) or None
        case "response_types":  # none, where it has no grant with which it would need one
            return record.response_types or None
    if key == "lifetimes":
        of_client = ClientLifetimesEntry.model_fields
        return record.lifetimes and {name: getattr(record.lifetimes, name) for name in of_client}
    own = record.settings or ClientSettings()
    if key == "pkce":
        said = {"required": own.pkce_required, "plain": own.pkce_plain}
        return {name: value for name, value in said.items() if value is not None} or None
    if key in ClientSettings.__slots__:
        return getattr(own, key)
    return record.metadata.get(key) if key in METADATA else getattr(record, key)


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    return asdict(value, dict_factory=_said) if is_dataclass(value) and not isinstance(value, type) else value


def _said(members: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in members if value not in (None, (), {})}
