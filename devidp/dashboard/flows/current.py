"""The flows of the devidp that is shown, as they are at this moment."""

from __future__ import annotations

from devidp.dashboard import shell
from devidp.dashboard.flows.trace import Flow, find, trace
from devidp.oauth.errors import NotFound, quoted
from devidp.system.event_log import KEPT_EVENTS


def all_flows() -> list[Flow]:
    """Those of all events that devidp keeps, newest last."""
    return trace(shell.control().events.since()[0], shell.runtime().clock.now())


def found(wanted: str, flows: list[Flow] | None = None) -> Flow:
    """The flow with this id, or with an event of it; raises NotFound."""
    flow = find(all_flows() if flows is None else flows, wanted)
    if flow is None:
        raise NotFound(
            f"devidp keeps no flow and no request {quoted(wanted)}",
            remedy=f"It keeps the newest {KEPT_EVENTS:,} events of one run, and a reset forgets them: look at the list",
        )
    return flow
