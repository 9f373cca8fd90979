"""A report as a person reads it in ten seconds: what is wrong, the worst first, and then the counts."""

from __future__ import annotations

from collections.abc import Iterator

from devidp.report import remedies
from devidp.report.lines import MARGIN, Line, condensed, filled, of_exchange, one_line, rows, some
from devidp.report.report import Report

LONGEST_CAUSE = 1200
"""Characters of why nothing can be concluded: what the target says, and every audience that was tried."""
YOURS = "The code has the issuer of this run; audience, scopes and addresses in it are examples: put yours."


def lines(report: Report, width: int, *, details: bool = False) -> Iterator[Line]:
    """A row for each lack; with ``details`` for each kind, what was sent, what came back, why, and the section."""
    count = len(report.checks)
    tried = f"{count} check{'s' * (count != 1)} in {report.seconds:.1f} s"
    yield Line(f"{report.subject} {one_line(report.target)}", heading=True)
    yield Line(f"tried with {one_line(report.issuer)}: {tried}")
    yield Line("")
    if report.cause:
        yield from _nothing_concluded(report, width)
    found = report.findings
    if found:
        yield from rows(found if details else condensed(found), width)
        yield Line("")
    yield Line(counts(report), heading=True)
    yield from _unsure(report, width, all_names=details)
    yield from _remedies(report, width)
    if details:
        yield from _details(report, width)


def _nothing_concluded(report: Report, width: int) -> Iterator[Line]:
    yield Line("Nothing can be concluded", heading=True)
    yield from (Line(line) for line in filled(one_line(report.cause, LONGEST_CAUSE), "  ", width))
    yield from (Line(line) for line in filled(f"hint: {one_line(report.remedy, LONGEST_CAUSE)}", "  ", width))
    yield Line("")


def counts(report: Report) -> str:
    """Findings by severity, and checks by outcome."""
    wrong = [f"{count} {severity.label}" for severity, count in report.counts.items() if count]
    checks = [f"{count} {outcome}" for outcome, count in sorted(report.outcomes.items())]
    known = sum(finding.id in report.accepted for _, finding in report.found)
    accepted = [f"{known} accepted by the baseline"] if known else []
    clean = "nothing found" if report.cause else "nothing new" if known else "nothing wrong"
    return "; ".join(part for part in (", ".join(wrong) or clean, ", ".join(checks), *accepted) if part)


def _unsure(report: Report, width: int, *, all_names: bool) -> Iterator[Line]:
    """Each reason once, with the checks that it kept from a conclusion."""
    names: dict[str, list[str]] = {}
    for check in report.checks:
        if check.outcome == "inconclusive" and check.note != report.cause:
            names.setdefault(one_line(check.note), []).append(one_line(check.name))
    for note, same in names.items():
        shown = ", ".join(same) if all_names else some(same)
        yield from (Line(line) for line in filled(f"inconclusive {shown}: {note}", "  ", width))


def _remedies(report: Report, width: int) -> Iterator[Line]:
    """For each topic once, in the order of what is worst; with the code of the stack."""
    found = report.findings
    topics = list(dict.fromkeys(finding.kind.topic for finding in found))
    shown: set[str] = set()
    if any(remedies.find(topic) for topic in topics):
        yield Line("")
        yield Line("What to change", heading=True)
        if report.stack:
            yield from (Line(line) for line in filled(YOURS, "  ", width))
    for topic in topics:
        for remedy in remedies.find(topic, report.stack, report.issuer):
            if not remedy.stack:
                yield from (Line(line) for line in filled(f"{remedy.title}.", "  ", width))
                continue
            yield from (Line(line) for line in filled(f"{remedy.title}: {remedy.text}", "    ", width))
            if remedy.code and remedy.code not in shown:
                shown.add(remedy.code)
                yield from (Line(f"      {line}" if line else "") for line in remedy.code.strip().splitlines())
    if found:
        yield Line("")
        stacks = sorted({each.stack for topic in topics for each in remedies.of_stacks(topic)})
        if stacks and not report.stack:
            yield from (
                Line(line) for line in filled(f"--stack NAME prints the code, for {', '.join(stacks)}.", "", width)
            )
        yield Line("--details prints each finding with what was sent and what came back.")
        yield Line(f"devidp explain {found[0].kind.name} says why it matters, and what to change.")


def _details(report: Report, width: int) -> Iterator[Line]:
    for finding in report.findings:
        kind = finding.kind
        yield Line("")
        yield Line(f"{kind.severity.label}  {one_line(finding.id)}: {one_line(kind.title)}", kind.severity)
        for text in (finding.detail, kind.why, kind.section):
            yield from (Line(line) for line in filled(one_line(text), MARGIN, width))
        for exchange in finding.exchanges:
            yield from (Line(f"{MARGIN}{line}") for line in of_exchange(exchange))
