"""What the judge finds at clients that devidp did not write: the tests assert it, and docs/judge.md shows it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from devidp.report import Report
from tests import proofs

SKIPPED = ("endless-body", "slow")
"""Take the time of their seconds, at every client."""


@dataclass(frozen=True, slots=True)
class Proof:
    client: str
    """With its version."""
    pinned: dict[str, list[str]]
    """Files of this repository, and the texts in each that pin the versions."""
    findings: frozenset[str]
    """Their ids."""


PROOFS = {
    name: Proof(table["client"], table["pinned"], frozenset(table["findings"].split()))
    for name, table in tomllib.loads(Path(__file__).with_name("proofs.toml").read_text(encoding="utf-8")).items()
}


def check(report: Report, name: str) -> None:
    """The sound run went well, and exactly what the proof says is wrong."""
    proofs.check(report, PROOFS[name].findings)
