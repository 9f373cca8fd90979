"""Whether the client has called for which somebody waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from devidp.dashboard.flows.trace import Flow, trace
from devidp.models.event import Event

LOST: Final = "unknown"
"""The endpoint of an address where nothing is: a client that was told a wrong one."""


def called(events: Sequence[Event], issuer: str, now: float) -> Flow | None:
    """The newest attempt at ``issuer``, or as long as there is none what came to it, or went astray."""
    flows = [flow for flow in trace(events, now) if any(each.issuer == issuer for each in flow.events) or _lost(flow)]
    attempts = [flow for flow in flows if flow.attempt]
    return next(reversed(attempts or flows), None)


def _lost(flow: Flow) -> bool:
    return any(each.endpoint == LOST for each in flow.events)
