"""A report as a person reads it in ten seconds: what is wrong, the worst first, and then the counts."""

from __future__ import annotations

from collections.abc import Iterator

from devidp.report.lines import MARGIN, Line, filled, of_exchange, one_line, rows
from devidp.report.report import Report


def lines(report: Report, width: int, *, details: bool = False) -> Iterator[Line]:
    """With ``details`` also what was sent and what came back, why it matters, and the section."""
    count = len(report.checks)
    tried = f"{count} check{'s' * (count != 1)} in {report.seconds:.1f} s"
    yield Line(f"{report.subject} {one_line(report.target)}", heading=True)
    yield Line(f"tried with {one_line(report.issuer)}: {tried}")
    yield Line("")
    if report.cause:
        yield from _nothing_concluded(report, width)
    found = report.findings
    if found:
        yield from rows(found, width)
        yield Line("")
    yield Line(_counts(report), heading=True)
    yield from _unsure(report, width)
    if details:
        yield from _details(report, width)


def _nothing_concluded(report: Report, width: int) -> Iterator[Line]:
    yield Line("Nothing can be concluded", heading=True)
    yield from (Line(line) for line in filled(one_line(report.cause), "  ", width))
    yield from (Line(line) for line in filled(f"hint: {one_line(report.remedy)}", "  ", width))
    yield Line("")


def _counts(report: Report) -> str:
    wrong = [f"{count} {severity.label}" for severity, count in report.counts.items() if count]
    checks = [f"{count} {outcome}" for outcome, count in sorted(report.outcomes.items())]
    known = sum(finding.id in report.accepted for _, finding in report.found)
    accepted = [f"{known} accepted by the baseline"] if known else []
    clean = "nothing wrong" if not report.cause else "nothing found"
    return "; ".join(part for part in (", ".join(wrong) or clean, ", ".join(checks), *accepted) if part)


def _unsure(report: Report, width: int) -> Iterator[Line]:
    for check in report.checks:
        if check.outcome == "inconclusive":
            note = f"inconclusive {one_line(check.name)}: {one_line(check.note)}"
            yield from (Line(line) for line in filled(note, "  ", width))


def _details(report: Report, width: int) -> Iterator[Line]:
    for finding in report.findings:
        kind = finding.kind
        yield Line("")
        yield Line(f"{kind.severity.label}  {one_line(finding.id)}: {one_line(kind.title)}", kind.severity)
        for text in (finding.detail, kind.why, kind.section):
            yield from (Line(line) for line in filled(one_line(text), MARGIN, width))
        for exchange in finding.exchanges:
            yield from (Line(f"{MARGIN}{line}") for line in of_exchange(exchange))
