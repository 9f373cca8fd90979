"""What the list shows as a table of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from devidp.dashboard.flows.rows import Row
from devidp.report.markdown import code, shown

MOST = 200
"""Rows: what is longer nobody reads in an issue; JSON and HAR have them all."""


def overview(rows: Sequence[Row]) -> str:
    return "\n".join(_lines(rows)) + "\n"


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    yield "| began | client | user | wanted | where it stands | took | outcome |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows[-MOST:]:
        cells = (
            row.at,
            _code(row.client),
            _code(row.user),
            _code(row.wanted),
            shown(row.status),
            row.took,
            row.outcome,
        )
        yield f"| {' | '.join(cells)} |"
    if len(rows) > MOST:
        yield ""
        yield f"{len(rows) - MOST} earlier ones are left out."


def _code(text: str) -> str:
    return code(text) if text else ""
