"""What a client sent, as a report may show it."""

from __future__ import annotations

from devidp.judge.journal import Visit
from devidp.judge.provider import Asked
from devidp.report import Exchange


def exchange_of_asked(asked: Asked, base: str) -> Exchange:
    """A request to devidp: its events hold nothing secret."""
    return Exchange(asked.method, f"{base}{asked.path}", status=asked.status, problem=asked.error)


def exchange_of_visit(visit: Visit) -> Exchange:
    return Exchange(visit.method, visit.url, visit.headers, visit.body, visit.status)
