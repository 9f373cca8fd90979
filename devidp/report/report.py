"""The report: every check with its outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from devidp.report.finding import Finding, Severity

Outcome = Literal["passed", "failed", "skipped", "inconclusive"]
Subject = Literal["resource server", "client", "assertion receiver"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried."""

    name: str
    """The fault, the scenario, or what else was tried: what ``--only`` and ``--skip`` name."""
    group: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    """Of a check that failed."""
    note: str = ""
    """Why it was skipped or nothing can be concluded; for one that passed, what is worth knowing."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of ``target``."""

    subject: Subject
    target: str
    """Its URL, or the command of a client."""
    issuer: str
    """The devidp that it was tried with."""
    at: float
    """POSIX time of the beginning, by the clock of the machine."""
    seconds: float
    checks: tuple[Check, ...]
    stack: str = ""
    """Whose remedies are shown: a name of the remedies, such as ``pyjwt``. Empty: of every stack."""
    cause: str = ""
    """Why nothing can be concluded; empty where the ground held. ``remedy`` says what to change then."""
    remedy: str = ""
    accepted: frozenset[str] = frozenset()
    """Ids of the findings that a baseline accepts."""

    @property
    def findings(self) -> list[Finding]:
        """What is wrong and not accepted, the worst first; in the order of the checks where it is equally bad."""
        found = (finding for check in self.checks for finding in check.findings if finding.id not in self.accepted)
        return sorted(found, key=lambda finding: -finding.kind.severity)

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity, the worst first."""
        found = Counter(finding.kind.severity for finding in self.findings)
        return {severity: found[severity] for severity in sorted(Severity, reverse=True)}

    def at_least(self, severity: Severity) -> list[Finding]:
        return [finding for finding in self.findings if finding.kind.severity >= severity]
