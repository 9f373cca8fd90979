"""Scripted answers: what is to go wrong with the next requests that match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from devidp.store.controls import Controlled, Kind, Match, Scripted, scripted, with_scripted
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.runtime import Runtime

MATCHES = tuple(each.name for each in fields(Match))
MAX_WAITING = 1000


class Script:
    """The faults or the failures that wait for their requests."""

    def __init__(self, runtime: Runtime, kind: Kind) -> None:
        self._runtime = runtime
        self._kind = kind

    def waiting(self) -> tuple[Scripted, ...]:
        return scripted(self._runtime.controls.current, self._kind)

    def add(
        self,
        name: str,
        times: int | None,
        match: Mapping[str, str | None],
        endpoint: str = "",
        options: Mapping[str, Any] | None = None,
    ) -> Scripted:
        """Let ``name`` happen to the next ``times`` requests that match; ``None``: to all until it is cleared."""
        if times is not None and (type(times) is not int or times < 1):
            raise ControlError(f"times is {times!r}; expected a number from 1, or none for until it is cleared")
        checked = self._match(match)
        added: list[Scripted] = []

        def with_one_more(controlled: Controlled) -> Controlled:
            waiting = scripted(controlled, self._kind)
            if len(waiting) >= MAX_WAITING:
                raise ControlError(f"{MAX_WAITING} {self._kind} wait already; reset, or clear them")
            number = controlled.last_id + 1
            added.append(Scripted(number, name, times, checked, endpoint, dict(options or {})))
            return with_scripted(replace(controlled, last_id=number), self._kind, (*waiting, added[0]))

        self._runtime.control(with_one_more)
        return added[0]

    def clear(self, number: int | None = None) -> int:
        """Forget the one with this id, or all; how many there were. Raises UnknownName."""
        before = self.waiting()
        gone = [each for each in before if number in (None, each.id)]
        if number is not None and not gone:
            raise UnknownName(f"scripted entry of the {self._kind} with id", number, (str(each.id) for each in before))

        def without(controlled: Controlled) -> Controlled:
            left = tuple(each for each in scripted(controlled, self._kind) if number not in (None, each.id))
            return with_scripted(controlled, self._kind, left)

        self._runtime.control(without)
        return len(gone)

    def _match(self, match: Mapping[str, str | None]) -> Match:
        given = {name: value for name, value in match.items() if value is not None}
        for name, value in given.items():
            if name not in MATCHES:
                raise UnknownName("criterion", name, MATCHES)
            if type(value) is not str or not value:
                raise ControlError(f"{name} is {value!r}; expected text")
        if "issuer" in given:
            given["issuer"] = issuers.named(self._runtime, given["issuer"]).name
        return Match(**given)
