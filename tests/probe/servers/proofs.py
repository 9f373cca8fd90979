"""What the probe finds at servers that devidp did not write: the tests assert it, and docs/probe.md shows it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from devidp.report import Report
from tests import proofs


@dataclass(frozen=True, slots=True)
class Proof:
    name: str
    server: str
    """With its version."""
    pinned: dict[str, list[str]]
    """Files of this repository, and the texts in each that pin the versions."""
    findings: frozenset[str]
    """Their ids."""


def _proof(name: str, table: dict[str, object]) -> Proof:
    accepted, crashes, others = (str(table.get(key, "")).split() for key in ("accepts", "crashes", "others"))
    findings = {f"accepted-{fault}" for fault in accepted} | {f"server-error:{what}" for what in crashes} | set(others)
    pinned = table.get("pinned", {})
    assert isinstance(pinned, dict)
    return Proof(name, str(table["server"]), pinned, frozenset(findings))


PROOFS = {
    name: _proof(name, table)
    for name, table in tomllib.loads(Path(__file__).with_name("proofs.toml").read_text(encoding="utf-8")).items()
}


def check(report: Report, name: str) -> None:
    """The ground held, and exactly what the proof says is wrong."""
    proofs.check(report, PROOFS[name].findings)
