"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PAGE_SIZE = 50
MAX_DIGITS = 10
"""Of the number of a page."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """``shown`` of ``total``; ``number`` counts from 1."""

    shown: Sequence[T]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def first_shown(self) -> int:
        """Which of all is the first on this page, from 1; 0 where there is none."""
        return (self.number - 1) * self.size + 1 if self.shown else 0


def page(items: Sequence[T], wanted: str | None, size: int = PAGE_SIZE) -> Page[T]:
    """The page that a query asks for; the nearest that there is."""
    last = max(1, -(-len(items) // size))
    asked = int(wanted) if wanted and wanted.isascii() and wanted.isdigit() and len(wanted) < MAX_DIGITS else 1
    number = min(max(asked, 1), last)
    return Page(items[(number - 1) * size : number * size], number, len(items), size)
