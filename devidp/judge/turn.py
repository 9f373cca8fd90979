"""The turn of a client: what it is given for one attempt, and how that ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from devidp.judge.browser import ClientBrowser


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything for one attempt."""

    scenario: str
    """Its name; ``sound`` where nothing is wrong."""
    url: str
    """What the client is pointed at."""
    issuer: str
    browser: ClientBrowser
    seconds: float
    """How long it may take."""
    activity: Callable[[], int]
    """How many requests have come so far, to devidp and elsewhere."""


@dataclass(frozen=True, slots=True)
class End:
    """How an attempt ended."""

    error: str = ""
    """What the client said was wrong; empty where it ended well."""
    timed_out: bool = False
    """It had not ended when its time was over."""
    output: str = ""
    """What it printed."""
    untold: bool = False
    """Whether nobody but the person in front of it knows what it said."""


class Client(Protocol):
    """A client that can be told to begin."""

    name: str
    """For the report."""
    keeps_address: bool
    """Whether it is pointed at one address for good; otherwise each attempt has a resource of its own."""

    def attempt(self, turn: Turn) -> End:
        """Let it connect, and wait for its end."""
