"""A report as Markdown, as the summary of a job and the comment on a change show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devidp.report import remedies
from devidp.report.finding import Finding, Kind
from devidp.report.lines import one_line
from devidp.report.report import Report
from devidp.report.table import counts

MOST = 100
"""Rows: what is longer nobody reads, and hosts cut it."""
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def text(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    found = report.findings
    yield f"## devidp: {shown(report.subject)} {code(report.target)}"
    yield ""
    if report.cause:
        yield f"**Nothing can be concluded:** {shown(report.cause)}. {shown(report.remedy)}"
        yield ""
    if found:
        yield "| severity | finding | what is wrong |"
        yield "|---|---|---|"
        yield from map(_row, found[:MOST])
        if len(found) > MOST:
            yield f"| | | and {len(found) - MOST} more |"
        yield ""
    tried = f"{len(report.checks)} checks in {report.seconds:.1f} s"
    yield f"{shown(counts(report))}. {tried}, with {code(report.issuer)}."
    if found:
        yield from _remedies(list({each.kind.topic: each.kind for each in found}.values()), report)


def _row(finding: Finding) -> str:
    detail = f": {finding.detail}" if finding.detail else ""
    return f"| {finding.kind.severity.label} | {code(finding.id)} | {shown(finding.kind.title + detail)} |"


def _remedies(kinds: list[Kind], report: Report) -> Iterator[str]:
    yield ""
    yield "### What to change"
    for kind in kinds:
        for each in remedies.find(kind.topic, report.stack, report.issuer):
            yield ""
            yield f"**{each.title}.** {each.text}"
            if each.code:
                yield f"\n<details><summary>Code</summary>\n\n```{each.language}\n{each.code.strip()}\n```\n</details>"


def code(text: str) -> str:
    """``text`` from others as it is, on one line."""
    return f"`{one_line(text).replace('`', chr(39)).replace('|', '¦')}`"


def shown(text: str) -> str:
    """``text`` from others as prose, where no character of it is markup."""
    return _MARKUP.sub(r"\\\1", one_line(text))
