"""Finds, awaits and asserts events; what did not happen is explained by what came nearest."""

from __future__ import annotations

from dataclasses import dataclass

from devidp.models import Event
from devidp.system.event_log import as_text
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.runtime import Runtime

FIELDS = tuple(name for name in Event._fields if name != "at")
PARTS = frozenset({"detail", "outcome", "reason", "remedy", "section"})
"""Fields of prose, of which a criterion names a part."""
NUMBERS = frozenset({"status"})
WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Criteria:
    """What an event should be like. Prose matches where the criterion is a part of it, scopes one by one."""

    wanted: dict[str, str | int]

    def differences(self, event: Event) -> list[str]:
        """One line for each field that is not as wanted."""
        return [
            f"{name}: expected {_part(name)}{value!r}, was {getattr(event, name)!r}"
            for name, value in self.wanted.items()
            if not _fits(name, value, getattr(event, name))
        ]

    def fit(self, event: Event) -> bool:
        return all(_fits(name, value, getattr(event, name)) for name, value in self.wanted.items())

    def __str__(self) -> str:
        return " ".join(f"{name}={value!r}" for name, value in self.wanted.items()) or "anything"


def criteria(endpoint: str | None, wanted: dict[str, str | int]) -> Criteria:
    """Checked criteria; raises ControlError for a field that events do not have."""
    named = dict(wanted) if endpoint is None else {"endpoint": endpoint, **wanted}
    for name, value in named.items():
        if name not in FIELDS:
            raise UnknownName("field of events", name, FIELDS)
        if isinstance(value, bool) or not isinstance(value, int if name in NUMBERS else str):
            raise ControlError(f"{name} is {value!r}; expected {'a number' if name in NUMBERS else 'text'}")
    return Criteria(named)


class Events:
    """The events of a devidp."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def find(self, endpoint: str | None = None, **wanted: str | int) -> list[Event]:
        """Every event that is as wanted, oldest first: ``find("token", client="web", error="invalid_grant")``."""
        sought = criteria(endpoint, wanted)
        return [event for event in self._runtime.event_log.since()[0] if sought.fit(event)]

    def wait_for(self, endpoint: str | None = None, *, timeout: float = WAIT_SECONDS, **wanted: str | int) -> Event:
        """The first event that is as wanted, there already or within ``timeout`` seconds; raises AssertionError."""
        sought = criteria(endpoint, wanted)
        found = self._runtime.event_log.wait(sought.fit, timeout)
        if found is None:
            raise AssertionError(self._explain(sought, f" within {timeout:g} s"))
        return found

    def assert_seen(self, endpoint: str | None = None, **wanted: str | int) -> Event:
        """The first event that is as wanted; raises AssertionError that shows the nearest one and what differed."""
        sought = criteria(endpoint, wanted)
        found = next(filter(sought.fit, self._runtime.event_log.since()[0]), None)
        if found is None:
            raise AssertionError(self._explain(sought, ""))
        return found

    def assert_not_seen(self, endpoint: str | None = None, **wanted: str | int) -> None:
        """Raises AssertionError where an event is as wanted."""
        sought = criteria(endpoint, wanted)
        found = next(filter(sought.fit, self._runtime.event_log.since()[0]), None)
        if found is not None:
            raise AssertionError(f"devidp saw what it should not: {sought}\n  {as_text(found)}")

    def since(self, cursor: int = 0) -> tuple[list[Event], int]:
        """The events after ``cursor``, and the cursor after them; 0 is before the first."""
        return self._runtime.event_log.since(cursor)

    def _explain(self, sought: Criteria, when: str) -> str:
        events = self._runtime.event_log.since()[0]
        lines = [f"devidp saw no event with {sought}{when}"]
        if not events:
            return f"{lines[0]}: it saw none at all"
        # of equally near ones the newest
        nearest = min(reversed(events), key=lambda event: len(sought.differences(event)))
        lines.append(f"the nearest of {len(events)}: {as_text(nearest)}")
        lines += [f"  {line}" for line in sought.differences(nearest)]
        return "\n".join(lines)


def _fits(name: str, wanted: str | int, actual: str | int) -> bool:
    if name in PARTS:
        return str(wanted) in str(actual)
    if name == "scope":
        return set(str(wanted).split()) <= set(str(actual).split())
    return wanted == actual


def _part(name: str) -> str:
    return "a part " if name in PARTS or name == "scope" else ""
