"""What the probe and the judge find at what devidp did not write: tests assert it, and a page shows it as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from devidp.report import Kind, Report, Severity
from tests.real_clients.program import ROOT

END = "<!-- End of what `make docs` writes. -->\n"
SEVERITIES = sorted(Severity, reverse=True)


def check(report: Report, expected: frozenset[str]) -> None:
    """The ground held, and exactly these findings are there."""
    assert not report.cause, report.remedy
    found = {finding.id for finding in report.findings}
    assert found == expected, f"new: {' '.join(sorted(found - expected))}; gone: {' '.join(sorted(expected - found))}"


def unpinned(pinned: Mapping[str, Iterable[str]]) -> list[str]:
    """The texts that the files of this repository do not have."""
    return [
        text
        for path, texts in pinned.items()
        for text in texts
        if text.lower() not in (ROOT / path).read_text(encoding="utf-8").lower()
    ]


def begin(source: Path) -> str:
    """The line before the table."""
    path = source.relative_to(ROOT).as_posix()
    return f"<!-- Written by `make docs` from {path}; a test fails where it is out of date. -->\n"


def render(page: str, start: str, table: str) -> str:
    """``page`` with ``table`` behind the line ``start``."""
    before, _, rest = page.partition(start)
    return f"{before}{start}\n{table}\n{END}{rest.partition(END)[2]}"


def table_of(what: str, proofs: Iterable[tuple[str, Iterable[str]]], find: Callable[[str], Kind | None]) -> str:
    """A row for each proof, its title and the ids of its findings: their topics by severity."""
    rows = [(what, *(severity.label for severity in SEVERITIES)), ("-",) * (1 + len(SEVERITIES))]
    rows += [(title, *_cells(findings, find)) for title, findings in proofs]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cells(findings: Iterable[str], find: Callable[[str], Kind | None]) -> Iterator[str]:
    found = sorted((_kind_of(each, find) for each in findings), key=_severity)
    topics = {severity: Counter(kind.topic for kind in same) for severity, same in groupby(found, _severity)}
    for severity in SEVERITIES:
        counted = sorted(topics.get(severity, {}).items(), key=lambda each: (-each[1], each[0]))
        yield ", ".join(f"{topic} {count}" if count > 1 else topic for topic, count in counted)


def _kind_of(finding: str, find: Callable[[str], Kind | None]) -> Kind:
    kind = find(finding.partition(":")[0])
    assert kind is not None, f"no kind of finding has the name {finding}"
    return kind


def _severity(kind: Kind) -> Severity:
    return kind.severity
