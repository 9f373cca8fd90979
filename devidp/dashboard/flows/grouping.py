"""Which events are of one attempt: those with the id of a flow, and what its caller probably asked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from devidp.dashboard.flows.lanes import CLIENT, DISCOVERY, KEYS, Caller, caller_of
from devidp.dashboard.flows.rules import gives_code
from devidp.models import Event

WINDOW_SECONDS = 60
"""From a request that has no flow to the first of its flow."""
PAUSE_SECONDS = 15
"""A client that does nothing for so long has stopped; what comes then is its next attempt."""
ALONE = frozenset(
    {
        "control", "landing", "health", "issuer", "introspect", "tokeninfo", "userinfo", "revoke",
        "client-configuration", "backchannel-logout",
    }
)  # fmt: skip
"""Endpoints whose requests without a flow are no part of an attempt."""
STARTS = frozenset({"authorize", "token", "device_authorization", "logout", "device"})
"""Endpoints whose requests without a flow are an attempt each."""


@dataclass(slots=True)
class Group:
    """The places of the events of one attempt, and whether each is there only probably."""

    id: str
    places: dict[int, bool] = field(default_factory=dict)
    clients: set[str] = field(default_factory=set)
    callers: set[Caller] = field(default_factory=set)
    """Those of the client itself."""
    addresses: set[str] = field(default_factory=set)
    first: int = 0
    started: float = 0.0

    def add(self, place: int, event: Event, *, probably: bool = False) -> None:
        if not self.places:
            self.first, self.started = place, event.at
        self.places[place] = probably
        self.addresses.add(event.asked.get("address", ""))
        if event.endpoint in CLIENT:
            self.callers.add(caller_of(event))
        if event.client and event.endpoint not in ALONE:
            self.clients.add(event.client)

    def absorb(self, earlier: Group) -> None:
        """Take in what probably led here."""
        self.places.update(dict.fromkeys(earlier.places, True))


def group(events: Sequence[Event]) -> list[Group]:
    """Every event in one group; the groups in the order of their first events."""
    grouping = _Grouping(events)
    for place, event in enumerate(events):
        grouping.sort(place, event)
    return sorted(grouping.join(), key=lambda each: min(each.places))


class _Grouping:
    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events
        self._flows: dict[str, Group] = {}
        self._alone: list[Group] = []
        self._bursts: list[Group] = []
        self._open: dict[Caller, tuple[Group, float]] = {}
        """What each caller has asked so far without a flow, and when last."""
        self._served: dict[Caller, tuple[Group, float]] = {}
        """The flow that has last given tokens to each caller, and when."""
        self._newest: tuple[Group, float] | None = None
        """The flow that has last given tokens to anybody."""
        self._waiting: dict[str, Group] = {}
        """The flow of each client that has last given a code."""

    def sort(self, place: int, event: Event) -> None:
        """Put the event into the group that is sure, or into what its caller has asked before."""
        if event.flow:
            self._of_flow(place, event, self._flows.setdefault(event.flow, Group(event.flow)))
        elif event.endpoint in STARTS:
            self._start(place, event)
        elif event.endpoint in KEYS and (served := self._served_before(event)) is not None:
            served.add(place, event, probably=True)
        elif event.endpoint in ALONE:
            self._new(self._alone, place, event)
        else:
            self._before(place, event)

    def _of_flow(self, place: int, event: Event, flow: Group) -> None:
        flow.add(place, event)
        caller = caller_of(event)
        self._open.pop(caller, None)
        if event.endpoint == "token" and not event.error:
            self._newest = self._served[caller] = flow, event.at
        if gives_code(event):
            self._waiting[event.client] = flow

    def _start(self, place: int, event: Event) -> None:
        waiting = self._waiting.get(event.client) if event.error and event.grant == "authorization_code" else None
        if waiting is not None and 0 <= event.at - self._events[max(waiting.places)].at <= WINDOW_SECONDS:
            waiting.add(place, event, probably=True)  # a code that nobody knows, where one is waited for
            return
        self._of_flow(place, event, self._flows.setdefault(event.id, Group(event.id)))

    def _served_before(self, event: Event) -> Group | None:
        """Whose token is probably verified by the keys that are fetched."""
        caller = caller_of(event)
        found = self._served.get(caller) or (None if caller in self._open else self._newest)
        return found[0] if found is not None and 0 <= event.at - found[1] <= WINDOW_SECONDS else None

    def _before(self, place: int, event: Event) -> None:
        caller = caller_of(event)
        burst, last = self._open.get(caller, (None, 0.0))
        again = burst is not None and burst.clients and (event.endpoint in DISCOVERY or event.endpoint == "register")
        if burst is None or again or not 0 <= event.at - last <= PAUSE_SECONDS:
            burst = self._new(self._bursts, place, event)
        else:
            burst.add(place, event)
        burst.callers.add(caller)
        self._open[caller] = burst, event.at

    def _new(self, groups: list[Group], place: int, event: Event) -> Group:
        made = Group(event.id)
        made.add(place, event)
        groups.append(made)
        return made

    def join(self) -> list[Group]:
        """All groups, with what came before a flow in the flow that it probably led to."""
        following = sorted(self._flows.values(), key=lambda each: each.first, reverse=True)
        alone, at = list(self._alone), 0
        by_client: dict[str, Group] = {}
        by_caller: dict[Caller, Group] = {}
        by_address: dict[str, Group] = {}
        for burst in reversed(self._bursts):
            while at < len(following) and following[at].first > max(burst.places):
                flow = following[at]
                by_client.update(dict.fromkeys(flow.clients, flow))
                by_caller.update(dict.fromkeys(flow.callers, flow))
                if not flow.callers:
                    by_address.update(dict.fromkeys(flow.addresses, flow))
                at += 1
            (caller,) = burst.callers
            if burst.clients:
                led_to = next((by_client[each] for each in burst.clients if each in by_client), None)
            else:
                led_to = by_caller.get(caller) or by_address.get(caller[0])
            if led_to is not None and 0 <= led_to.started - self._events[max(burst.places)].at <= WINDOW_SECONDS:
                led_to.absorb(burst)
            else:
                alone.append(burst)
        return [*self._flows.values(), *alone]
