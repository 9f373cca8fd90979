"""A report as one file of HTML that loads nothing: to be kept, sent and opened anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from devidp import __version__
from devidp.report import remedies
from devidp.report.finding import Finding, Severity
from devidp.report.lines import alike, of_exchange
from devidp.report.remedies import Remedy
from devidp.report.report import Check, Report
from devidp.system.clock import utc
from devidp.web.pages import environment
from devidp.web.pages.text import cut, visible

TEMPLATE = "report.html"
LONGEST = 2000
"""Characters of a text that others wrote."""


def text(report: Report) -> str:
    style = environment.stylesheet("report.css")
    found = lacks(report)
    return environment.render(
        TEMPLATE,
        policy=environment.content_security_policy(ancestors=None, styles=(style,)),
        more_style=style,
        groups=[
            (severity.label, [each for each in found if each.severity is severity])
            for severity in sorted(Severity, reverse=True)
        ],
        checks=_checks(report),
        version=__version__,
        **summary(report),
    )


def summary(report: Report) -> dict[str, Any]:
    """What ``report_parts.html`` needs for the head of the report, and how it writes a text with code in it."""
    return {
        "inline": inline,
        "report": report,
        "title": _title(report),
        "at": utc(report.at),
        "counts": [(severity.label, count) for severity, count in report.counts.items()],
        "outcomes": sorted(report.outcomes.items()),
        "known": [finding for _, finding in report.found if finding.id in report.accepted],
    }


def lacks(report: Report) -> list[Lack]:
    """What lets the findings happen, the worst first."""
    return [Lack.of(same, report) for same in alike(report.findings)]


def _title(report: Report) -> str:
    count = len(report.findings)
    if report.cause:
        return "Nothing can be concluded"
    return f"{count} finding{'s' * (count != 1)}" if count else "Nothing is wrong"


@dataclass(frozen=True, slots=True)
class Lack:
    """What one lack lets happen, with its remedies; one finding or many."""

    severity: Severity
    title: str
    why: str
    findings: list[tuple[Finding, list[list[str]]]]
    remedies: tuple[Remedy, ...]

    @classmethod
    def of(cls, same: list[Finding], report: Report) -> Lack:
        kind = same[0].kind
        shown = [(finding, [list(of_exchange(each)) for each in finding.exchanges]) for finding in same]
        mended = remedies.find(kind.topic, report.stack, report.issuer)
        return cls(kind.severity, kind.title if len(same) == 1 else kind.why, kind.why, shown, mended)


def _checks(report: Report) -> list[tuple[str, list[Check]]]:
    groups: dict[str, list[Check]] = {}
    for check in report.checks:
        groups.setdefault(check.group, []).append(check)
    return list(groups.items())


def inline(text: str) -> Markup:
    """What is between backticks as code."""
    parts = [escape(visible(part)) for part in cut(text, LONGEST).split("`")]
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if at % 2 else part for at, part in enumerate(parts))
