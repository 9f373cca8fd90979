"""Scripted answers: what goes wrong with the next requests that match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from devidp.faults import failures
from devidp.store.overrides import Kind, Match, OverrideSet, Scripted, scripted, with_scripted
from devidp.web import failure_injection
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.runtime import Runtime

MATCHES = tuple(each.name for each in fields(Match))
MAX_WAITING = 1000
IMPLIED = {
    "error": "error",
    "status": "status",
    "seconds": "slow",
    "field": "field-missing",
    "retry_after": "unavailable",
}
"""The failure that is meant where only its option is given."""
ALIASES = {"jwks.json": "jwks", "introspection": "introspect", "revocation": "revoke", "registration": "register"}
"""Other names that people give to endpoints."""


class ScriptedAnswers:
    """The faults or the failures that wait for their requests."""

    def __init__(self, runtime: Runtime, kind: Kind) -> None:
        self._runtime = runtime
        self._kind = kind

    def waiting(self) -> tuple[Scripted, ...]:
        return scripted(self._runtime.overrides.current, self._kind)

    def add(
        self,
        name: str,
        times: int | None,
        match: Mapping[str, str | None],
        endpoint: str = "",
        options: Mapping[str, Any] | None = None,
    ) -> Scripted:
        """Apply ``name`` to the next ``times`` requests that match; ``None``: to all until it is cleared."""
        if times is not None and (type(times) is not int or times < 1):
            raise ControlError(f"times: got {times!r}, expected a number from 1, or none for until it is cleared")
        checked = self._checked(match)
        added: list[Scripted] = []

        def append(controlled: OverrideSet) -> OverrideSet:
            waiting = scripted(controlled, self._kind)
            if len(waiting) >= MAX_WAITING:
                raise ControlError(f"{MAX_WAITING} {self._kind} wait already; reset, or clear them")
            number = controlled.last_id + 1
            added.append(Scripted(number, name, times, checked, endpoint, options or {}))
            return with_scripted(replace(controlled, last_id=number), self._kind, (*waiting, added[0]))

        self._runtime.control(append)
        return added[0]

    def clear(self, number: int | None = None) -> int:
        """Forget the one with this id, or all; returns how many there were. Raises UnknownName."""
        before = self.waiting()
        gone = [each for each in before if number in (None, each.id)]
        if number is not None and not gone:
            raise UnknownName(f"scripted entry of the {self._kind} with id", number, (str(each.id) for each in before))

        def remove(controlled: OverrideSet) -> OverrideSet:
            left = tuple(each for each in scripted(controlled, self._kind) if number not in (None, each.id))
            return with_scripted(controlled, self._kind, left)

        self._runtime.control(remove)
        return len(gone)

    def _checked(self, match: Mapping[str, str | None]) -> Match:
        criteria = {name: value for name, value in match.items() if value is not None}
        for name, value in criteria.items():
            if name not in MATCHES:
                raise UnknownName("criterion", name, MATCHES)
            if type(value) is not str or not value:
                raise ControlError(f"{name}: got {value!r}, expected text")
        if "issuer" in criteria:
            criteria["issuer"] = issuers.named(self._runtime, criteria["issuer"]).name
        return Match(**criteria)


class ScriptedFailures(ScriptedAnswers):
    """The failures, checked against the registry before they wait for their requests."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime, "failures")

    def fail(self, endpoint: str, failure: str | None = None, *, times: int | None = 1, **options: Any) -> Scripted:
        """Apply ``failure`` to the next ``times`` answers of ``endpoint`` that match; ``None``: until cleared.

        Keywords are those of the match (``client``, ``user``, ``issuer``, ``grant``, ``state``) and of the failure.
        """
        place, places = ALIASES.get(endpoint, endpoint), failure_injection.places()
        if place not in places:
            raise UnknownName("endpoint", endpoint, places)
        match = {name: options.pop(name) for name in MATCHES if name in options}
        options = {name: value for name, value in options.items() if value is not None}
        name = failure or next((IMPLIED[option] for option in IMPLIED if option in options), None)
        if name is None:
            raise ControlError(f"which failure? Name one of: {', '.join(failures.FAILURES)}")
        if type(options.get("seconds")) is int:
            options["seconds"] = float(options["seconds"])
        try:
            failures.find(name, place, options)
        except failures.FailureRefused as refusal:
            raise ControlError(str(refusal)) from None
        return self.add(name, times, match, place, options)
