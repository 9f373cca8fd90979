"""The checks, in order; one of a kind is a function that looks at its facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from devidp.tools.doctor.finding import Finding

Facts = TypeVar("Facts")


@dataclass
class Checks(Generic[Facts]):
    """The checks of one kind of thing. ``None`` from a check: there is nothing that it could judge."""

    def __post_init__(self) -> None:
        self._all: list[tuple[str, Callable[[Facts], Finding | None]]] = []

    def add(self, check: Callable[[Facts], Finding | None]) -> Callable[[Facts], Finding | None]:
        """Decorator: the name of the function is that of the check."""
        self._all.append((check.__name__.replace("_", "-"), check))
        return check

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self._all]

    def run(self, facts: Facts) -> Iterator[Finding]:
        for name, check in self._all:
            judged = check(facts)
            if judged is not None:
                yield replace(judged, check=name)
