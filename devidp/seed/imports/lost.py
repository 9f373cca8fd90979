"""What an import loses, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Lost:
    """One thing that is not in the seed, or not as it was."""

    name: str
    """Where it stood: ``users.bob.credentials``."""
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(slots=True)
class Losses:
    """What was lost so far, each once."""

    found: dict[Lost, None] = field(default_factory=dict)

    def note(self, name: str, reason: str) -> None:
        self.found[Lost(name, reason)] = None
