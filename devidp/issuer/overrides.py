"""Overrides: a seed with what is changed at run time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from devidp.models import Client, Resource, Seed, User
from devidp.store.overrides import OverrideSet

Record = TypeVar("Record", User, Client)


def with_default_audience(seed: Seed, uri: str) -> Seed:
    """``seed`` with tokens for ``uri`` where a client names no resource: what was the default there is at ``uri``."""
    issuers = tuple(replace(each, default_audience=uri) for each in seed.issuers)
    if uri in seed.resources:
        return replace(seed, issuers=issuers)
    before = (seed.resources.get(each.default_audience or "") for each in seed.issuers)
    described = next(filter(None, before), Resource(uri))
    return replace(seed, issuers=issuers, resources={**seed.resources, uri: described._replace(uri=uri)})


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
