"""What the issuers of a seed take of their profiles, and what the seed says instead."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devidp.seed.difference import leaves
from devidp.seed.layers import Layers, Source
from devidp.seed.profile import KEY, Profiles, find, folder_of, settings, shared
from devidp.seed.values import mapping
from devidp.seed.variables import Variables


@dataclass(frozen=True, slots=True)
class ProfileUse:
    """The profile of one issuer: each of its values by place."""

    issuer: str
    profile: str
    file: Path
    sets: dict[str, str]
    instead: dict[str, str | None]
    """What the seed has in place of some of them; ``None``: it takes the value away."""
    adds: dict[str, list[str]]
    """Names in sections of the seed that the issuer's keys refer to."""


def uses(sources: Iterable[Source], everywhere: str | None = None) -> Iterator[ProfileUse]:
    """One for each issuer that has a profile, of a seed without mistakes."""
    variables, opened = Variables(os.environ), set[Path]()
    layers, profiles = Layers(variables, opened, ""), Profiles(variables, opened)
    for source in sources:
        layers.add(source)
    seed = profiles.lay_under(layers.data, "", everywhere)
    for name, laid in mapping(seed.get("issuers")).items():
        named = mapping(laid).get(KEY)
        if not isinstance(named, str):
            continue
        file = find(named, folder_of(laid))
        profile = profiles.read(file)
        sets = {place: variables.hide(value) for place, value in leaves(settings(profile))}
        has = {place: variables.hide(value) for place, value in leaves(laid)}
        instead = {place: has.get(place) for place, value in sets.items() if has.get(place) != value}
        adds = {section: list(entries) for section, entries in shared(profile).items()}
        yield ProfileUse(name, named, file, sets, instead, adds)
