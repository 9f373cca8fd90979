"""Which events belong together."""

from __future__ import annotations

from collections.abc import Sequence

from devidp.models import Event


def of_flow(events: Sequence[Event], wanted: str) -> list[Event]:
    """Those of the flow of that id, or of the flow that the event of that id is in."""
    named = next((event for event in events if event.id == wanted), None)
    flow = named.flow if named is not None and named.flow else wanted
    return [event for event in events if event.flow == flow] or ([] if named is None else [named])
