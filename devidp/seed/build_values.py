"""Values that several records have: lifetimes, sets, and lists in their order without what is twice."""

from __future__ import annotations

from dataclasses import replace

from devidp.models import Lifetimes
from devidp.seed.entries import ClientLifetimesEntry


def build_lifetimes(entry: ClientLifetimesEntry, base: Lifetimes) -> Lifetimes:
    return replace(base, **{name: value for name, value in entry if value is not None})


def as_set(values: list[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)


def in_order(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(dict.fromkeys(values))
