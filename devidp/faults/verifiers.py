"""What real verifiers make of each fault of access tokens, as recorded by ``make docs`` (docs/faults.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from devidp.faults import FAULTS

RECORDED = Path(__file__).with_name("verdicts.json")
"""The versions, and what each verifier does not refuse."""
Answer = Literal["refuses", "accepts", "crashes"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one verifier does with a token that has one fault."""

    verifier: str
    """A library, and the options: ``PyJWT, usual``."""
    version: str
    answer: Answer
    """``crashes``: an exception that is none of the documented ones, so a 500 in place of a 401."""


def verdicts(fault: str) -> tuple[Verdict, ...]:
    """Those of every verifier; none for a fault of other tokens than access tokens, which none was given."""
    if fault not in FAULTS or FAULTS[fault].applies_to[0] != "access":
        return ()
    recorded = _recorded()
    return tuple(
        Verdict(name, recorded["versions"][name.partition(",")[0]], _answer(fault, by))
        for name, by in recorded["verdicts"].items()
    )


def _answer(fault: str, by: Mapping[str, list[str]]) -> Answer:
    if fault in by["accepts"]:
        return "accepts"
    return "crashes" if fault in by["crashes"] else "refuses"


@cache
def _recorded() -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return recorded
