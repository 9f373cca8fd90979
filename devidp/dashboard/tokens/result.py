"""What a page says of a token: its members with their values, its faults, and who accepts them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from devidp.faults import FAULTS, Fault
from devidp.faults.decoding import Explanation
from devidp.faults.decoding.members import Member
from devidp.faults.verifiers import Verdict, verdicts

MANY: Final = 60
"""Members of a header or of claims that are shown, so that a page stays small."""


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
    rows = [
        Row(each, json.dumps(values[each.name], ensure_ascii=False) if each.name in values else None,
            put.get(f"{name}.{each.name}"))
        for each in members[:MANY]
    ]  # fmt: skip
    return Part(title, rows, len(members[MANY:]))


def likenesses(names: Sequence[str]) -> list[Likeness]:
    """Each fault once, in this order."""
    return [Likeness(FAULTS[name], verdicts(name)) for name in dict.fromkeys(names) if name in FAULTS]
