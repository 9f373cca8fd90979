"""A report as JSON and back: the shape that docs/report.md describes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from devidp.report.finding import Exchange, Finding, Kind, Severity


def of_finding(finding: Finding, check: str, *, accepted: bool) -> dict[str, Any]:
    kind = asdict(finding.kind)
    return {
        "id": finding.id,
        "check": check,
        **kind,
        "severity": finding.kind.severity.label,
        "subject": finding.subject,
        "detail": finding.detail,
        "accepted": accepted,
        "exchanges": [_of_exchange(each) for each in finding.exchanges],
    }


def finding(members: dict[str, Any]) -> Finding:
    """What ``of_finding`` wrote. Raises KeyError and ValueError."""
    named = ("name", "title", "why", "section", "topic")
    kind = Kind(severity=Severity.of(members["severity"]), **{name: members[name] for name in named})
    exchanges = tuple(_exchange(each) for each in members["exchanges"])
    return Finding(kind, members["subject"], members["detail"], exchanges)


def _of_exchange(exchange: Exchange) -> dict[str, Any]:
    """Headers as lists of pairs: a name may come twice."""
    plain = asdict(exchange)
    return {
        **plain,
        "sent": [list(each) for each in exchange.sent],
        "headers": [list(each) for each in exchange.headers],
    }


def _exchange(members: dict[str, Any]) -> Exchange:
    pairs = {name: tuple((each[0], each[1]) for each in members[name]) for name in ("sent", "headers")}
    return Exchange(**{**members, **pairs})
