"""Whether the client has called for which somebody waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from devidp.models.event import Event

LOST = "unknown"
"""The endpoint of an address where nothing is: a client that was told a wrong one."""


@dataclass(frozen=True, slots=True)
class Called:
    """What has come so far."""

    requests: int
    last: Event
    flow: str
    """The address of what the client does: its flow, or as long as there is none its first request."""


def called(events: Sequence[Event], issuer: str) -> Called | None:
    """By what came to ``issuer``, or went astray; ``None``: nobody has called."""
    seen = [each for each in events if each.issuer == issuer or each.endpoint == LOST]
    if not seen:
        return None
    flow = next((each.flow for each in reversed(seen) if each.flow), "")
    return Called(len(seen), seen[-1], flow or seen[0].id)
