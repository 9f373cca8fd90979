"""The report: every check with its outcome."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from devidp.report import baseline as accepted_findings
from devidp.report import document, redact
from devidp.report.finding import Finding, Severity
from devidp.report.lines import one_line, rows

Outcome = Literal["passed", "failed", "skipped", "inconclusive"]
Subject = Literal["resource server", "client", "assertion receiver"]
VERSION = 1
"""Of the JSON."""
NEVER = "never"
SHOWN = 5
"""Findings whose details an AssertionError has."""


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

    def __post_init__(self) -> None:
        object.__setattr__(self, "note", redact.text(self.note))


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

    def __post_init__(self) -> None:
        for name in ("target", "cause", "remedy"):
            object.__setattr__(self, name, redact.text(getattr(self, name)))

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

    @property
    def outcomes(self) -> dict[str, int]:
        """How many checks ended how."""
        return dict(Counter(check.outcome for check in self.checks))

    @property
    def found(self) -> Iterator[tuple[Check, Finding]]:
        """Every finding, accepted or not, in the order of the checks."""
        return ((check, finding) for check in self.checks for finding in check.findings)

    def accepting(self, ids: frozenset[str]) -> Report:
        """The same report, in which the findings with these ids are known and accepted."""
        return replace(self, accepted=self.accepted | ids)

    def fails(self, fail_on: Severity | None) -> bool:
        """Whether something is wrong at least so badly, or nothing can be concluded; ``None``: only the latter."""
        return bool(self.cause) or (fail_on is not None and bool(self.at_least(fail_on)))

    def assert_clean(self, fail_on: str | Severity = "high", baseline: str | Path | None = None) -> None:
        """Raise AssertionError for findings of this severity and above, and where nothing can be concluded.

        ``baseline`` is a file of findings that are accepted, which ``--save-baseline`` writes. ``never`` lets every
        finding pass. Raises ValueError for another severity and another file.
        """
        severity = None if fail_on == NEVER else fail_on if isinstance(fail_on, Severity) else Severity.of(fail_on)
        accepted = frozenset() if baseline is None else frozenset(accepted_findings.read(baseline))
        report = self.accepting(accepted)
        if report.fails(severity):
            raise AssertionError("\n".join(report._reproach(severity)))

    def _reproach(self, severity: Severity | None) -> Iterator[str]:
        yield f"{self.subject} {one_line(self.target)}"
        if self.cause:
            yield f"nothing can be concluded: {one_line(self.cause)}"
            yield f"hint: {one_line(self.remedy)}"
            return
        lowest = severity or Severity.ADVICE
        bad = self.at_least(lowest)
        count = f"{len(bad)} finding{'s' * (len(bad) != 1)}"
        yield f"{count}, expected none of severity {lowest.label} and above"
        yield from (line.text for line in rows(bad))
        for each in bad[:SHOWN]:
            yield f"{each.id}: {one_line(each.detail)} ({each.kind.section})"
        yield f"hint: devidp explain {bad[0].kind.name}"

    def to_json(self) -> str:
        """As ``--json`` prints it; docs/report.md describes it."""
        members: dict[str, Any] = {
            "version": VERSION,
            **{name: getattr(self, name) for name in _PLAIN},
            "accepted": sorted(self.accepted),
            "counts": {severity.label: count for severity, count in self.counts.items()},
            "outcomes": self.outcomes,
            "findings": [
                document.of_finding(finding, check.name, accepted=finding.id in self.accepted)
                for check, finding in self.found
            ],
            "checks": [{name: getattr(check, name) for name in _OF_CHECK} for check in self.checks],
        }
        # in ASCII: what others wrote may be a command to a terminal, or no text that can be encoded
        return json.dumps(members, indent=2)

    @classmethod
    def from_json(cls, text: str) -> Report:
        """What ``to_json`` wrote. Raises ValueError for anything else."""
        try:
            members = json.loads(text)
            if members["version"] != VERSION:
                raise ValueError(f"got version {members['version']!r}, expected {VERSION}")
            checks = tuple(
                Check(findings=_of_check(each["name"], members["findings"]), **each) for each in members["checks"]
            )
            plain = {name: members[name] for name in _PLAIN}
            return cls(checks=checks, accepted=frozenset(members["accepted"]), **plain)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"got {text[:80]!r}, expected the JSON of a report: {error!r}") from error


_PLAIN = ("subject", "target", "issuer", "at", "seconds", "stack", "cause", "remedy")
_OF_CHECK = ("name", "group", "outcome", "note", "seconds")


def _of_check(name: str, findings: list[dict[str, Any]]) -> tuple[Finding, ...]:
    return tuple(document.finding(each) for each in findings if each["check"] == name)
