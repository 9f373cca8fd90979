"""Writes the table of proofs into docs/probe.md. Run by ``make docs``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from devidp.probe import kinds
from devidp.report import Kind, Severity
from tests.probe.servers.proofs import PROOFS, Proof

PAGE = Path(__file__).parents[3] / "docs" / "probe.md"
BEGIN = "<!-- Written by `make docs` from tests/probe/servers/proofs.toml; a test fails where it is out of date. -->\n"
END = "<!-- End of what `make docs` writes. -->\n"
SEVERITIES = sorted(Severity, reverse=True)


def render(page: str) -> str:
    """``page`` with the table as it has to be."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{_table()}\n{END}{rest.partition(END)[2]}"


def _table() -> str:
    rows = [("server", *(severity.label for severity in SEVERITIES)), ("-",) * (1 + len(SEVERITIES))]
    rows += [(proof.server, *_cells(proof)) for proof in PROOFS.values()]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cells(proof: Proof) -> Iterable[str]:
    found = sorted((kind_of(each) for each in proof.findings), key=lambda kind: kind.severity)
    topics = {severity: Counter(kind.topic for kind in same) for severity, same in groupby(found, _severity)}
    for severity in SEVERITIES:
        counted = sorted(topics.get(severity, {}).items(), key=lambda each: (-each[1], each[0]))
        yield ", ".join(f"{topic} {count}" if count > 1 else topic for topic, count in counted)


def kind_of(finding: str) -> Kind:
    kind = kinds.find(finding.partition(":")[0])
    assert kind is not None, f"no kind of finding has the name {finding}"
    return kind


def _severity(kind: Kind) -> Severity:
    return kind.severity


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
