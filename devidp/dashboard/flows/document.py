"""A flow as JSON: what the dashboard knows of it, and its events as the control API has them."""

from __future__ import annotations

from typing import Any

from devidp import __version__
from devidp.dashboard.flows.trace import Flow

FACTS = ("id", "outcome", "status", "client", "user", "grant", "scope", "resource", "issuer", "started", "took")


def document(flow: Flow, public_url: str) -> dict[str, Any]:
    """``probably`` are the ids of the events of which only time and caller say that they belong to it."""
    missing = flow.missing
    return {
        "devidp": __version__,
        "public_url": public_url,
        **{name: getattr(flow, name) for name in FACTS},
        "missing": None if missing is None else {"sentence": missing.sentence, "remedy": missing.remedy},
        "probably": [step.event.id for step in flow.steps if step.probably],
        "events": [event._asdict() for event in flow.events],
        "marks": [mark.event._asdict() for mark in flow.marks],
    }
