"""A report as JUnit's XML: a suite for each group, a case for each check."""

from __future__ import annotations

import re
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from devidp.report.finding import Finding, Severity
from devidp.report.lines import of_exchange
from devidp.report.report import Check, Report
from devidp.system.clock import utc
from devidp.web.pages.text import visible

_NOT_XML = re.compile("[\ufffe\uffff]")


def text(report: Report, fail_on: Severity | None) -> str:
    """A case fails where the command does: by a finding at or above ``fail_on`` that is not accepted."""
    root = Element("testsuites", name=f"devidp: {_shown(report.subject)}", time=f"{report.seconds:.3f}")
    if report.cause:
        suite = _suite(root, report, "ground")
        case = SubElement(suite, "testcase", name="ground", classname=_shown(report.target))
        SubElement(case, "error", message=_shown(f"nothing can be concluded: {report.cause}")).text = _shown(
            report.remedy
        )
    ordered = sorted(report.checks, key=lambda check: check.group)
    for group, checks in groupby(ordered, key=lambda check: check.group):
        suite = _suite(root, report, group)
        for check in checks:
            _case(suite, report, check, fail_on)
    for suite in (*root, root):
        _count(suite)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: Element, report: Report, group: str) -> Element:
    at = utc(report.at).isoformat(timespec="seconds")
    return SubElement(root, "testsuite", name=_shown(group), timestamp=at)


def _case(suite: Element, report: Report, check: Check, fail_on: Severity | None) -> None:
    name = f"{report.target} {check.group}"
    case = SubElement(suite, "testcase", name=_shown(check.name), classname=_shown(name), time=f"{check.seconds:.3f}")
    bad = [each for each in check.findings if _counts(report, each, fail_on)]
    for finding in bad:
        failure = SubElement(case, "failure", type=finding.kind.severity.label)
        failure.set("message", _shown(f"{finding.id}: {finding.kind.title}"))
        failure.text = _shown(_described(finding))
    if check.outcome in ("skipped", "inconclusive") and not bad:
        SubElement(case, "skipped", message=_shown(f"{check.outcome}: {check.note}"))
    known = [f"{each.kind.severity.label} {each.id}: {each.detail}" for each in check.findings if each not in bad]
    if known:
        SubElement(case, "system-out").text = _shown("\n".join(known))


def _counts(report: Report, finding: Finding, fail_on: Severity | None) -> bool:
    return fail_on is not None and finding.kind.severity >= fail_on and finding.id not in report.accepted


def _described(finding: Finding) -> str:
    kind = finding.kind
    shown = [line for exchange in finding.exchanges for line in of_exchange(exchange)]
    return "\n".join([finding.detail, kind.why, kind.section, *shown])


def _count(element: Element) -> None:
    cases = list(element.iter("testcase"))
    element.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(sum(case.find(tag) is not None for case in cases)))


def _shown(text: str) -> str:
    """What XML can hold."""
    return _NOT_XML.sub("?", visible(text))
