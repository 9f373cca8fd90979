"""The settings of two issuers beside each other, key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from devidp.seed.problems import Place, format_place

SECRET = frozenset({"secret", "password", "signing_key", "initial_access_token", "bearer_token"})
"""Keys whose values are not shown."""
HIDDEN = "…"


def leaves(settings: Mapping[str, Any], place: Place = ()) -> Iterator[tuple[str, str]]:
    """Each value with its place: ``lifetimes.access_token``, ``5m``; of secrets only that they are there."""
    for key, value in settings.items():
        if isinstance(value, Mapping) and value and key not in SECRET:
            yield from leaves(value, (*place, key))
        else:
            yield one_line(format_place((*place, key))), HIDDEN if key in SECRET else shown(value)


def shown(value: object) -> str:
    """A value in one line, as YAML has it in a list."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {shown(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    return one_line(str(value))


def one_line(text: str) -> str:
    """``text`` of somebody else in one line, without what a terminal would act on."""
    return "".join(character if character.isprintable() else "?" for character in " ".join(text.split()))


def difference(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """A line for each value that only one of them has: ``-`` of the first, ``+`` of the second."""
    before, after = dict(leaves(first)), dict(leaves(second))
    lines = []
    for place in sorted(before | after):
        if before.get(place) != after.get(place):
            lines += [f"-{place}: {before[place]}"] if place in before else []
            lines += [f"+{place}: {after[place]}"] if place in after else []
    return lines


def likeness(first: Mapping[str, Any], second: Mapping[str, Any]) -> float:
    """From 0 to 1: how much of what either of them says both say."""
    one, other = set(leaves(first)), set(leaves(second))
    return len(one & other) / max(len(one | other), 1)
