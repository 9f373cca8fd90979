"""From events to flows: what belongs together, who took part, and what became of it. Knows no Flask."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from devidp.dashboard.flows import missing
from devidp.dashboard.flows.grouping import Group, group
from devidp.dashboard.flows.lanes import DISCOVERY, Lane, lane_of
from devidp.dashboard.flows.missing import Missing
from devidp.dashboard.flows.rules import wrong_on_purpose
from devidp.models import Event
from devidp.oauth import names

Outcome = Literal["succeeded", "faulty", "refused", "waiting", "stopped"]
ATTEMPTS: Final = frozenset(
    {"authorize", "token", "device_authorization", "device", "register", "par", "logout", "logout-confirm"}
)
"""Endpoints at which a client tries to get something."""
OUTCOMES: Final[tuple[Outcome, ...]] = ("succeeded", "faulty", "refused", "waiting", "stopped")


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a flow, and its answer."""

    event: Event
    lane: Lane
    """Who sent it."""
    place: int
    """Its place among all events, by which those of several flows are put in order."""
    probably: bool = False
    """Whether only address, User-Agent, client and time say that it belongs to the flow."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One attempt of a client, from what probably came before it to the last use of its tokens; or a request alone."""

    id: str
    """The ``flow`` of its events; where they have none, the ``id`` of the first."""
    steps: tuple[Step, ...]
    """Oldest first."""
    marks: tuple[Step, ...]
    """Calls of the control API that changed something meanwhile: a clock that was moved, a fault that was armed."""
    outcome: Outcome
    missing: Missing | None
    """What should have come next and has not, where something should."""
    attempt: bool
    """Whether a client tried to get something: ``False`` for keys that were fetched, health checks, unknown paths."""
    client: str = ""
    client_name: str = ""
    """What the client called itself when it registered."""
    user: str = ""
    grant: str = ""
    """As the parameter ``grant_type`` has it, also before a token is asked for; empty where it is not known."""
    scope: str = ""
    """What was granted, or asked for as long as nothing was."""
    resource: str = ""
    issuer: str = ""

    @property
    def events(self) -> tuple[Event, ...]:
        """Those of its steps."""
        return tuple(step.event for step in self.steps)

    @property
    def came(self) -> tuple[Step, ...]:
        """Its steps and, where they happened, its marks."""
        return tuple(sorted((*self.steps, *self.marks), key=lambda each: each.place))

    @property
    def started(self) -> float:
        """Seconds since the epoch."""
        return self.steps[0].event.at

    @property
    def took(self) -> float:
        """Seconds from its first answer to its last, by the clock of devidp."""
        return max(0.0, self.steps[-1].event.at - self.started)

    @property
    def decisive(self) -> Step:
        """The step that says where it stands: the last that is not a use of what was given out."""
        return self.steps[missing.decisive(self.events)]

    @property
    def status(self) -> str:
        """Where it stands, in one sentence."""
        event = self.decisive.event
        if self.missing is not None:
            waits = f"Waiting for the {self.missing.sender}: {self.missing.message}"
            return waits if self.outcome == "waiting" else self.missing.sentence
        return event.reason or missing.described(event)


def trace(events: Sequence[Event], now: float) -> list[Flow]:
    """The flows of ``events``, newest last; ``now`` says what has not come yet and what will not come any more."""
    changes = [place for place, event in enumerate(events) if is_change(event)]
    called = {each.client: name for each in events if (name := _registered_name(each))}
    return [_flow(each, events, changes, called, now) for each in group(events)]


def find(flows: Iterable[Flow], wanted: str) -> Flow | None:
    """The flow with the id ``wanted``, or with an event that has it."""
    return next(
        (each for each in flows if each.id == wanted or any(wanted == step.event.id for step in each.steps)), None
    )


def seconds_to_the_next(flows: Iterable[Flow], now: float) -> int | None:
    """When the first of those that are waited for will have stopped; ``None`` where none is."""
    left = [flow.missing.due - now for flow in flows if flow.missing is not None and flow.outcome == "waiting"]
    return int(min(left)) + 1 if left else None


def is_change(event: Event) -> bool:
    """Whether a call of the control API may have changed what comes after it."""
    return event.endpoint == "control" and event.status < 400 and event.asked.get("method") not in ("GET", "HEAD")


def _registered_name(event: Event) -> str:
    return event.outcome.partition("registered ")[2] if event.endpoint == "register" and not event.error else ""


def _flow(
    grouped: Group, events: Sequence[Event], changes: Sequence[int], called: Mapping[str, str], now: float
) -> Flow:
    places = sorted(grouped.places)
    chosen = [events[place] for place in places]
    absent = missing.after(chosen)
    decisive = chosen[missing.decisive(chosen)]
    steps = tuple(
        Step(events[place], lane_of(events[place], grouped.callers), place, grouped.places[place]) for place in places
    )
    since, until = bisect(changes, places[0]), bisect(changes, places[-1] - 1)
    client = _last(each.client for each in chosen if each.endpoint not in ("introspect", "tokeninfo"))
    return Flow(
        id=grouped.id,
        steps=steps,
        marks=tuple(Step(events[place], "devidp", place) for place in changes[since:until]),
        outcome=_outcome(decisive, absent, now),
        missing=absent,
        attempt=_is_attempt(chosen),
        client=client,
        client_name=called.get(client, ""),
        user=_last(each.user for each in chosen),
        grant=_grant(chosen),
        scope=_last(each.scope for each in chosen) or _last(each.asked.get("requested_scope", "") for each in chosen),
        resource=_last(each.asked.get("resource", "") for each in chosen),
        issuer=_last(each.issuer for each in chosen),
    )


def _outcome(decisive: Event, absent: Missing | None, now: float) -> Outcome:
    if absent is not None:
        # a clock that was set back says nothing of how long something has been waited for
        return "waiting" if now < absent.due else "stopped"
    if decisive.error or decisive.status >= 400 or decisive.outcome == "denied":
        return "refused"
    return "faulty" if wrong_on_purpose(decisive) else "succeeded"


def _is_attempt(events: Sequence[Event]) -> bool:
    kinds = {each.endpoint for each in events}
    if kinds & ATTEMPTS:
        return True
    wanted = any("/.well-known/" in each.asked.get("path", "") for each in events if each.endpoint == "unknown")
    return (bool(kinds & DISCOVERY) and "jwks" not in kinds) or wanted


def _grant(events: Sequence[Event]) -> str:
    kinds = {each.endpoint for each in events}
    if "device_authorization" in kinds:
        return names.DEVICE_CODE
    first = next((each.grant for each in events if each.grant), "")
    return first or (names.AUTHORIZATION_CODE if "authorize" in kinds else "")


def _last(values: Iterable[str]) -> str:
    found = ""
    for value in values:
        found = value or found
    return found
