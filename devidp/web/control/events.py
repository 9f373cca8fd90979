"""Finds, awaits and asserts events; where none matches, the error shows the nearest one."""

from __future__ import annotations

from dataclasses import dataclass

from devidp.models import Event
from devidp.models.event import ASKED, FACTS
from devidp.system.event_log import as_text
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.endpoints import ENDPOINTS
from devidp.web.runtime import Runtime

FIELDS = (*FACTS, *ASKED)
PLACES = (*ENDPOINTS, "landing", "health", "control", "unknown", "backchannel-logout")
"""What the field ``endpoint`` can be."""
PARTS = frozenset({"detail", "outcome", "reason", "remedy", "section", "user_agent"})
"""Fields of prose, of which a criterion names a part."""
LISTS = frozenset(
    {"scope", "token_audience", "requested_scope", "resource", "audience", "prompt", "acr_values", "sent"}
)
"""Fields of several words, of which a criterion names some."""
WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Criteria:
    """Expected fields of an event. Prose matches where the criterion is a part of it, words one by one."""

    expected: dict[str, str | int]

    def differences(self, event: Event) -> list[str]:
        """One line for each field that differs."""
        return [
            f"{name}: expected {'a part ' if name in PARTS | LISTS else ''}{value!r}, was {event.value(name)!r}"
            for name, value in self.expected.items()
            if not _fits(name, value, event.value(name))
        ]

    def fit(self, event: Event) -> bool:
        return all(_fits(name, value, event.value(name)) for name, value in self.expected.items())

    def __str__(self) -> str:
        return " ".join(f"{name}={value!r}" for name, value in self.expected.items()) or "anything"


def criteria(endpoint: str | None = None, **expected: str | int) -> Criteria:
    """Checked criteria; raises ControlError for a field that events do not have."""
    fields = expected if endpoint is None else {"endpoint": endpoint, **expected}
    for name, value in fields.items():
        if name not in FIELDS:
            raise UnknownName("field of events", name, FIELDS)
        if isinstance(value, bool) or not isinstance(value, int if name == "status" else str):
            raise ControlError(f"{name}: got {value!r}, expected {'a number' if name == 'status' else 'text'}")
    if fields.get("endpoint", PLACES[0]) not in PLACES:
        raise UnknownName("endpoint", fields["endpoint"], PLACES)
    return Criteria(fields)


class Events:
    """The events of a devidp; ``find("token", client="web", error="invalid_grant")`` names fields and their values."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def find(self, endpoint: str | None = None, **expected: str | int) -> list[Event]:
        """Every event that matches, oldest first."""
        return list(filter(criteria(endpoint, **expected).fit, self.since()[0]))

    def wait_for(self, endpoint: str | None = None, *, timeout: float = WAIT_SECONDS, **expected: str | int) -> Event:
        """The first event that matches, there already or within ``timeout`` seconds; raises AssertionError."""
        return self._first(criteria(endpoint, **expected), timeout)

    def assert_seen(self, endpoint: str | None = None, **expected: str | int) -> Event:
        """The first event that matches; raises AssertionError that shows the nearest one and what differed."""
        return self._first(criteria(endpoint, **expected), 0)

    def assert_not_seen(self, endpoint: str | None = None, **expected: str | int) -> None:
        if found := self.find(endpoint, **expected):
            raise AssertionError(
                f"devidp saw what it should not: {criteria(endpoint, **expected)}\n  {as_text(found[0])}"
            )

    def since(self, cursor: int = 0) -> tuple[list[Event], int]:
        """The events after ``cursor``, and the cursor after them; 0 is before the first."""
        return self._runtime.event_log.since(cursor)

    def _first(self, wanted: Criteria, timeout: float) -> Event:
        found = self._runtime.event_log.wait(wanted.fit, timeout)
        if found is not None:
            return found
        problem = f"devidp saw no event with {wanted}{f' within {timeout:g} s' if timeout else ''}"
        events = self.since()[0]
        if not events:
            raise AssertionError(f"{problem}: it saw none at all")
        # of equally near ones the newest
        nearest = min(reversed(events), key=lambda event: len(wanted.differences(event)))
        differences = "".join(f"\n  {line}" for line in wanted.differences(nearest))
        raise AssertionError(f"{problem}\nthe nearest of {len(events)}: {as_text(nearest)}{differences}")


def _fits(name: str, wanted: str | int, actual: str | int) -> bool:
    if name in PARTS:
        return str(wanted) in str(actual)
    if name in LISTS:
        return set(str(wanted).split()) <= set(str(actual).split())
    return wanted == actual
