"""Flows as JSON: what the dashboard knows of each, and its events as the control API has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from devidp import __version__
from devidp.dashboard.flows.trace import Flow
from devidp.models import Event

FACTS = (
    "id", "outcome", "status", "client", "client_name", "user", "grant", "scope", "resource", "issuer", "started",
    "took",
)  # fmt: skip


def of_flows(flows: Iterable[Flow], public_url: str) -> dict[str, Any]:
    """The document of ``flows``."""
    return {"devidp": __version__, "public_url": public_url, "flows": list(map(_flow, flows))}


def of_requests(events: Iterable[Event], public_url: str) -> dict[str, Any]:
    """The document of requests that were chosen one by one."""
    return {"devidp": __version__, "public_url": public_url, "events": [event._asdict() for event in events]}


def _flow(flow: Flow) -> dict[str, Any]:
    """``probably`` are the ids of the events of which only time and caller say that they belong to it."""
    missing = flow.missing
    return {
        **{name: getattr(flow, name) for name in FACTS},
        "missing": None if missing is None else {"sentence": missing.sentence, "remedy": missing.remedy},
        "probably": [step.event.id for step in flow.steps if step.probably],
        "events": [event._asdict() for event in flow.events],
        "marks": [mark.event._asdict() for mark in flow.marks],
    }
