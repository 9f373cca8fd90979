"""What came of many requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

LONGEST_SECONDS = 5.0
"""Of the processor, for one answer: how busy the machine is does not matter."""


@dataclass(slots=True)
class Driven:
    """How often each status came, and every answer that is not one of devidp's."""

    statuses: Counter[int] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)
    slowest: float = 0.0
    grown: int = 0
    """Bytes, after what is kept on purpose was filled."""

    def add(self, status: int, took: float) -> None:
        self.statuses[status] += 1
        self.slowest = max(self.slowest, took)
