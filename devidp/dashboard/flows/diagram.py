"""A flow as a sequence diagram: who sends what to whom, row by row, and what never came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from devidp.dashboard import paging
from devidp.dashboard.flows import missing
from devidp.dashboard.flows.lanes import NAMES, Lane
from devidp.dashboard.flows.rules import DEVICE_PAGES, LOGIN_PAGES
from devidp.dashboard.flows.trace import Flow, Step
from devidp.dashboard.paging import Page
from devidp.models import Event
from devidp.models.event import ANSWERED, ASKED
from devidp.oauth import difference
from devidp.oauth.difference import Difference

ROWS = 20
"""Of one page: a client that refreshes or polls for days makes thousands."""
Kind = Literal["request", "answer", "onward", "absent"]


@dataclass(frozen=True, slots=True)
class Message:
    """One arrow. ``onward`` is an answer of devidp that a browser carries on to the client."""

    kind: Kind
    sender: Lane
    receiver: Lane
    text: str
    refused: bool = False

    @property
    def way(self) -> str:
        """``Client to devidp``."""
        return f"{NAMES[self.sender]} to {NAMES[self.receiver]}"


@dataclass(frozen=True, slots=True)
class Row:
    """A request with its answer; ``mark`` is what was changed at devidp instead."""

    event: Event
    after: str
    """How long after the first request, such as ``+1.2 s``."""
    messages: tuple[Message, ...]
    probably: bool
    mark: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    """Names and values; of what is not kept the value is ``…``."""
    caller: tuple[tuple[str, str], ...] = ()
    answer: tuple[tuple[str, str], ...] = ()
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class Diagram:
    """A page of the rows of a flow, and the arrow that should have come after the last of them."""

    rows: tuple[Row, ...]
    page: Page[Step]
    absent: Message | None
    difference: Difference | None
    """Of the step that says where the flow stands."""


def diagram(flow: Flow, number: str | None = None, event: str = "") -> Diagram:
    """What is drawn of ``flow``: page ``number``, else the page with ``event``, else the last."""
    came = flow.came
    place = next((place for place, step in enumerate(came) if step.event.id == event), len(came) - 1)
    page = paging.page(came, number or str(place // ROWS + 1), ROWS)
    never = flow.missing if page.number == page.last else None
    absent = None if never is None else Message("absent", never.sender, "devidp", never.message)
    decisive = flow.decisive.event
    compared = difference.difference(decisive.got, decisive.expected)
    return Diagram(tuple(_row(each, flow) for each in page.shown), page, absent, compared)


def elapsed(seconds: float) -> str:
    """A span of time in one unit or two: ``340 ms``, ``1.2 s``, ``2 min 5 s``, ``3 h 10 min``."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _row(step: Step, flow: Flow) -> Row:
    event = step.event
    after = f"+{elapsed(max(0.0, event.at - flow.started))}"
    if step in flow.marks:
        return Row(event, after, (), probably=False, mark=_change(event))
    return Row(
        event,
        after,
        tuple(_messages(step)),
        step.probably,
        parameters=tuple(_parameters(event)),
        caller=tuple((name, event.asked[name]) for name in _CALLER if name in event.asked),
        answer=tuple((name, event.answered[name]) for name in ANSWERED if name in event.answered),
        difference=difference.difference(event.got, event.expected),
    )


_CALLER = ("auth_method", "origin", "user_agent", "address", "mcp_protocol_version")
_CHANGES = {
    "clock": "The clock was changed",
    "arm": "A fault was armed",
    "failures": "Failures were changed",
    "faults": "Faults were changed",
    "keys": "The keys were changed",
    "users": "Users were changed",
    "clients": "Clients were changed",
    "tokens": "A token was minted",
    "sessions": "Sessions were changed",
}


def _change(event: Event) -> str:
    area = event.asked.get("path", "").partition("/_devidp/api/")[2].partition("/")[0]
    return _CHANGES.get(area, "Something was changed at devidp")


def _messages(step: Step) -> Iterator[Message]:
    event = step.event
    refused = bool(event.error) or event.status >= 400
    if step.lane == "devidp":
        yield Message("request", "devidp", "client", "logout token")
        yield Message("answer", "client", "devidp", f"{event.status or 'none'}", refused)
        return
    yield Message("request", step.lane, "devidp", f"{event.asked.get('method', '')} {event.asked.get('path', '')}")
    yield Message("answer", "devidp", step.lane, f"{event.status} {_result(event)}".rstrip(), refused)
    if event.endpoint in LOGIN_PAGES | DEVICE_PAGES and (brought := _brought(event)):
        yield Message("onward", "browser", "client", brought, refused)


def _result(event: Event) -> str:
    if event.error:
        return event.error
    if event.endpoint == "token" and not event.outcome:
        return ", ".join(each for each in event.answered.get("members", "").split() if each.endswith("_token"))
    return missing.described(event)


def _brought(event: Event) -> str:
    """What a browser brings to the client: the place, and the names of what it takes there."""
    location = event.answered.get("location", "")
    if not location or location.startswith("/"):
        return ""
    parts = urlsplit(location)
    names = [each.partition("=")[0] for each in (parts.query or parts.fragment).split("&") if each]
    return f"{parts.scheme}://{parts.netloc}{parts.path} with {', '.join(names) or 'nothing'}"


def _parameters(event: Event) -> Iterator[tuple[str, str]]:
    if event.grant and "grant_type" in event.asked.get("sent", "").split():
        yield "grant_type", event.grant
    for name, value in event.asked.items():
        if name in ASKED and name not in _CALLER and name not in ("method", "path", "sent"):
            yield "scope" if name == "requested_scope" else name, value
    shown = {"grant_type"} if event.grant else set()
    if event.client:
        shown.add("client_id")
    for name in event.asked.get("sent", "").split():
        if name not in shown:
            yield name, "…"
        elif name == "client_id":
            yield name, event.client
