"""Flows and requests as rows of a list: short, and harmless to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from devidp.dashboard.flows import missing
from devidp.dashboard.flows.diagram import elapsed
from devidp.dashboard.flows.trace import Flow, Step
from devidp.oauth import names
from devidp.system.clock import iso_date, local_time
from devidp.web.pages.text import cut, visible

NAME_LENGTH = 48
TEXT_LENGTH = 140
"""Characters that are shown: 50 rows of hostile text stay below 80 kB of HTML."""
GRANTS = {
    names.AUTHORIZATION_CODE: "login",
    names.CLIENT_CREDENTIALS: "client credentials",
    names.DEVICE_CODE: "device",
    names.REFRESH_TOKEN: "refresh",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    id: str
    at: str
    """ISO 8601, of UTC."""
    time: str
    """Of the machine's time zone; with its day where that is not the day of devidp's clock."""
    client: str
    user: str
    wanted: str
    status: str
    took: str
    outcome: str


def of_flow(flow: Flow, now: float) -> Row:
    """An attempt."""
    return Row(
        id=flow.id,
        at=iso_date(flow.started),
        time=moment(flow.started, now),
        client=_short(flow.client_name or flow.client, NAME_LENGTH),
        user=_short(flow.user, NAME_LENGTH),
        wanted=_short(_wanted(flow), TEXT_LENGTH),
        status=_short(flow.status, TEXT_LENGTH),
        took=elapsed(flow.took) if len(flow.steps) > 1 else f"{flow.steps[0].event.took:.1f} ms",
        outcome=flow.outcome,
    )


def of_request(step: Step, called: Mapping[str, str], now: float) -> Row:
    """A request alone; ``called`` are the names of registered clients by their ids."""
    event = step.event
    asked = f"{event.asked.get('method', '')} {event.asked.get('path', event.endpoint)}".strip()
    refused = event.error or event.status >= 400
    return Row(
        id=event.id,
        at=iso_date(event.at),
        time=moment(event.at, now),
        client=_short(called.get(event.client) or event.client, NAME_LENGTH),
        user=_short(event.user, NAME_LENGTH),
        wanted=_short(asked, TEXT_LENGTH),
        status=_short(event.reason or missing.described(event), TEXT_LENGTH),
        took=f"{event.took:.1f} ms",
        outcome=f"{event.status} refused" if refused else f"{event.status} succeeded",
    )


def moment(at: float, now: float) -> str:
    """``12:00:01``, or ``Jan 31 12:00:01`` on another day than ``now``."""
    local, today = local_time(at), local_time(now)
    return local.strftime("%H:%M:%S" if local.date() == today.date() else "%b %d %H:%M:%S")


def _wanted(flow: Flow) -> str:
    grant = GRANTS.get(flow.grant, flow.grant.rpartition(":")[2].replace("_", " "))
    return " · ".join(each for each in (grant, flow.scope, flow.resource) if each)


def _short(text: str, limit: int) -> str:
    return cut(visible(text), limit)
