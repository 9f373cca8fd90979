"""Scripted answers: what goes wrong with the next requests that match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from devidp import faults
from devidp.faults import MintRefused, arming, failures
from devidp.faults.failures import FAILURES
from devidp.store.overrides import Kind, OverrideSet, Scripted, scripted, spent, with_scripted
from devidp.web import failure_places
from devidp.web.control import matching, possible
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.control.refusals import from_refusal
from devidp.web.runtime import Runtime

MAX_WAITING = 1000
IMPLIED = {
    "error": "error",
    "status": "status",
    "seconds": "slow",
    "field": "field-missing",
    "retry_after": "unavailable",
    "to": "redirect",
}
"""The failure that is meant where only its option is given."""
ALIASES = {"jwks.json": "jwks", "introspection": "introspect", "revocation": "revoke", "registration": "register",
    **failure_places.GROUPED,
}  # fmt: skip
"""Other names that people give to endpoints."""


class ScriptedAnswers:
    """The faults or the failures that wait for their requests."""

    def __init__(self, runtime: Runtime, kind: Kind) -> None:
        self._runtime = runtime
        self._kind = kind

    def waiting(self) -> tuple[Scripted, ...]:
        return scripted(self._runtime.overrides.current, self._kind)

    def spent(self) -> tuple[Scripted, ...]:
        """Those that have happened as often as they were to, the newest first, until all are cleared."""
        return spent(self._runtime.overrides.current, self._kind)

    def add(
        self,
        wanted: Scripted,
        check: Callable[[tuple[Scripted, ...]], None] = lambda _: None,
    ) -> Scripted:
        """Let ``wanted`` wait under a new id. ``check`` is called with those that wait already, and may raise."""
        _check_frequency(wanted.times, wanted.probability)
        added: list[Scripted] = []

        def append(controlled: OverrideSet) -> OverrideSet:
            waiting = scripted(controlled, self._kind)
            if len(waiting) >= MAX_WAITING:
                raise ControlError(f"{MAX_WAITING} {self._kind} wait already; reset, or clear them")
            check(waiting)
            number = controlled.last_id + 1
            added.append(replace(wanted, id=number))
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
            over = spent(controlled, self._kind) if number is None else ()
            kept = tuple(each for each in controlled.spent if each not in over)
            return with_scripted(replace(controlled, spent=kept), self._kind, left)

        self._runtime.control(remove)
        return len(gone)


class ArmedFaults(ScriptedAnswers):
    """The faults that wait for tokens of real flows."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime, "faults")

    def arm(
        self,
        fault: str,
        *,
        times: int | None = 1,
        probability: float = 1.0,
        token_type: str | None = None,
        **match: str | None,
    ) -> Scripted:
        """Spoil the next ``times`` tokens that match; ``None``: all until it is cleared. Raises ControlError."""
        runtime = self._runtime
        try:
            faults.find(fault)
            if token_type not in (None, *arming.ISSUED):
                raise faults.unknown("token_type", str(token_type), arming.ISSUED)
            matched = matching.parse(runtime, match)
            wanted = Scripted(0, fault, times, matched, token_type=token_type or "", probability=probability)
            return self.add(wanted, lambda waiting: arming.check(runtime.issuers, wanted, waiting))
        except MintRefused as refusal:
            raise from_refusal(refusal) from None


def _check_frequency(times: object, probability: object) -> None:
    if times is not None and (type(times) is not int or times < 1):
        raise ControlError(f"times: got {times!r}, expected a number from 1, or none for until it is cleared")
    if type(probability) not in (int, float) or not 0 < probability <= 1:  # type: ignore[operator]
        raise ControlError(f"probability: got {probability!r}, expected a number above 0 and up to 1")


class ScriptedFailures(ScriptedAnswers):
    """The failures, checked against the registry before they wait for their requests."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime, "failures")

    def fail(
        self,
        endpoint: str,
        failure: str | None = None,
        *,
        times: int | None = 1,
        probability: float = 1.0,
        **options: Any,
    ) -> Scripted:
        """Apply ``failure`` to the next ``times`` answers of ``endpoint`` that match; ``None``: until cleared.

        Keywords are those of the match (``client``, ``user``, ``issuer``, ``grant``, ``state``) and of the failure.
        """
        place, places = ALIASES.get(endpoint, endpoint), failure_places.places()
        if place not in places:
            raise UnknownName("endpoint", endpoint, places)
        match = {name: options.pop(name) for name in matching.CRITERIA if name in options}
        options = {name: value for name, value in options.items() if value is not None}
        name = failure or next((IMPLIED[option] for option in IMPLIED if option in options), None)
        if name is None:
            raise ControlError(f"which failure? At {place} there are: {', '.join(failures.possible_at(place))}")
        if type(options.get("seconds")) is int:
            options["seconds"] = float(options["seconds"])
        try:
            failures.find(name, place, options)
        except failures.FailureRefused as refusal:
            raise ControlError(str(refusal)) from None
        possible.check(self._runtime, place, FAILURES[name], options, match)
        matched = matching.parse(self._runtime, match)
        return self.add(Scripted(0, name, times, matched, place, options, probability=probability))
