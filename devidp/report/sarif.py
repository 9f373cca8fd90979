"""A report as SARIF 2.1.0, which code hosts show beside the code."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlsplit

from devidp import __version__
from devidp.report import remedies
from devidp.report.finding import Exchange, Finding, Header, Kind, Severity
from devidp.report.report import Report
from devidp.web.pages.text import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "warning",
    Severity.ADVICE: "note",
}
SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.5",
    Severity.ADVICE: "0.1",
}
"""In the ranges by which GitHub names severities."""


def text(report: Report) -> str:
    kinds = list({finding.kind.name: finding.kind for _, finding in report.found}.values())
    run = {
        "tool": {
            "driver": {"name": "devidp", "version": __version__, "rules": [_rule(kind, report) for kind in kinds]}
        },
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {"TARGET": {"uri": _base(report)}},
        "results": [_result(finding, report) for _, finding in report.found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(kind: Kind, report: Report) -> dict[str, Any]:
    found = remedies.find(kind.topic, report.stack, report.issuer)
    plain = "\n\n".join([kind.why, kind.section, *(each.text for each in found)])
    coded = [f"{each.text}\n\n```{each.language}\n{each.code}```" if each.code else each.text for each in found]
    return {
        "id": kind.name,
        "shortDescription": {"text": kind.title},
        "fullDescription": {"text": kind.why},
        "help": {"text": plain, "markdown": "\n\n".join([kind.why, kind.section, *coded])},
        "defaultConfiguration": {"level": LEVELS[kind.severity]},
        "properties": {"tags": ["security", kind.topic], "security-severity": SCORES[kind.severity]},
    }


def _result(finding: Finding, report: Report) -> dict[str, Any]:
    said = f"{finding.kind.title} ({finding.subject})" if finding.subject else finding.kind.title
    result: dict[str, Any] = {
        "ruleId": finding.kind.name,
        "level": LEVELS[finding.kind.severity],
        "message": {"text": _plain(f"{said}: {finding.detail}" if finding.detail else finding.kind.title)},
        "locations": [_location(report)],
        "partialFingerprints": {"devidpFinding/v1": finding.id},
    }
    if finding.id in report.accepted:
        result["suppressions"] = [{"kind": "external", "status": "accepted"}]
    if finding.exchanges:
        result |= _exchange(finding.exchanges[-1])
    return result


def _location(report: Report) -> dict[str, Any]:
    """No file of the project: hosts of code want one, and take a relative one that is not there."""
    return {
        "physicalLocation": {"artifactLocation": {"uri": _path(report), "uriBaseId": "TARGET"}},
        "logicalLocations": [{"fullyQualifiedName": report.target, "kind": "resource"}],
    }


def _path(report: Report) -> str:
    if "://" not in report.target:
        return "client"
    return quote(urlsplit(report.target).path.lstrip("/"), safe="/%", errors="replace") or "index"


def _base(report: Report) -> str:
    parts = urlsplit(report.target)
    return f"{parts.scheme}://{parts.netloc}/" if "://" in report.target else "file:///"


def _exchange(exchange: Exchange) -> dict[str, Any]:
    """The last one, as a request and a response of the web."""
    found: dict[str, Any] = {
        "webRequest": {
            "method": exchange.method,
            "target": exchange.url,
            "headers": _headers(exchange.sent),
            "body": {"text": exchange.sent_body},
        }
    }
    if exchange.status is None:
        return found | {"webResponse": {"noResponseReceived": True, "reasonPhrase": exchange.problem}}
    answer = {"statusCode": exchange.status, "headers": _headers(exchange.headers), "body": {"text": exchange.body}}
    return found | {"webResponse": answer}


def _plain(text: str) -> str:
    """``text`` without what a viewer takes for a link (section 3.11.6), and without what deceives the eye."""
    return re.sub(r"([\\\[\]])", r"\\\1", visible(text))


def _headers(headers: tuple[Header, ...]) -> dict[str, str]:
    """By name; what came several times is joined."""
    found: dict[str, str] = {}
    for name, value in headers:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _invocation(report: Report) -> dict[str, Any]:
    unsure = [f"{check.name}: {check.note}" for check in report.checks if check.outcome == "inconclusive"]
    notes = [{"level": "warning", "message": {"text": _plain(note)}} for note in unsure]
    if report.cause:
        said = f"nothing can be concluded: {report.cause}. {report.remedy}"
        notes.insert(0, {"level": "error", "message": {"text": _plain(said)}})
    return {"executionSuccessful": not report.cause, "toolExecutionNotifications": notes}
