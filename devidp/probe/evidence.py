"""A request and its answer as a report shows them."""

from __future__ import annotations

from devidp.probe.exchange import Answer
from devidp.report import Exchange

SHOWN = 2000
"""Characters of a body."""


def exchange(answer: Answer) -> Exchange:
    """``answer`` with what it answers."""
    request = answer.request
    return Exchange(
        request.method if request else "",
        request.url if request else "",
        request.headers if request else (),
        request.body[:SHOWN].decode(errors="replace") if request else "",
        answer.status,
        answer.headers,
        answer.text[:SHOWN],
        answer.seconds,
        answer.problem,
    )
