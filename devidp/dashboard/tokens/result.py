"""What a page says of a token: its members with their values, its faults, and who accepts them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from devidp.dashboard.size import size
from devidp.faults import FAULTS, Fault
from devidp.faults.decoding import Explanation
from devidp.faults.decoding.members import Member
from devidp.faults.verifiers import Verdict, verdicts

ROOM: Final = 14_000
"""Bytes that the values of a header or of claims take of a page."""
AROUND: Final = 250
"""Bytes around a value."""


@dataclass(frozen=True, slots=True)
class Row:
    """A member, its value as JSON, and the fault that was put there on purpose."""

    member: Member
    value: str | None
    """``None`` for one that is missing."""
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The header or the claims."""

    title: str
    rows: Sequence[Row]
    more: int
    """Members that are not shown."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A fault that a token has or looks like, and what verifiers make of it."""

    fault: Fault
    verdicts: Sequence[Verdict]

    @property
    def accepted(self) -> Sequence[Verdict]:
        """Those that do not refuse it."""
        return [each for each in self.verdicts if each.answer != "refuses"]

    @property
    def refused(self) -> Sequence[Verdict]:
        return [each for each in self.verdicts if each.answer == "refuses"]


def parts(said: Explanation, places: Mapping[str, str] | None = None) -> list[Part]:
    """The header and the claims of ``said``; ``places`` are those of the faults that were asked for."""
    put = places or {}
    return [
        _part("Header", "header", said.header_members, said.header, put),
        _part("Claims", "claims", said.claim_members, said.claims, put),
    ]


def _part(title: str, name: str, members: Sequence[Member], values: Mapping[str, Any], put: Mapping[str, str]) -> Part:
    rows: list[Row] = []
    every, room = (*members, *_taken_away(name, members, put)), ROOM
    for each in every:
        value = json.dumps(values[each.name], ensure_ascii=False) if each.name in values else None
        said = " ".join((each.name[:60], (value or "")[:500], *(found.sentence[:300] for found in each.findings)))
        room -= size(said) + AROUND
        if room < 0:
            break
        rows.append(Row(each, value, put.get(f"{name}.{each.name}")))
    return Part(title, rows, len(every) - len(rows))


def _taken_away(name: str, members: Sequence[Member], put: Mapping[str, str]) -> Iterator[Member]:
    """What a fault has taken away, where nothing says that it is missing."""
    there = {each.name for each in members}
    for place in put:
        part, _, member = place.partition(".")
        if part == name and member and member not in there:
            yield Member(member, "missing", "", "", "")


def likenesses(names: Sequence[str]) -> list[Likeness]:
    """Each fault once, in this order."""
    return [Likeness(FAULTS[name], verdicts(name)) for name in dict.fromkeys(names) if name in FAULTS]
