"""One request at an endpoint, and what is learned of it for its event."""

from __future__ import annotations

from dataclasses import dataclass, field

from devidp.system.event_log import Facts
from devidp.web.request import Request


@dataclass(slots=True)
class Context:
    """What a view is handed: no view asks Flask for a current request."""

    request: Request
    facts: Facts = field(default_factory=Facts)
    program: bool = False
    """Whether a program reads the answer, at an endpoint whose errors are pages for people otherwise."""
    by_hand: str = ""
    """The failure that a person at a page wanted the answer to have."""
