"""Findings as lines for a terminal and for an AssertionError."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from textwrap import wrap

from devidp.report.finding import Exchange, Finding, Severity
from devidp.web.pages.text import cut, visible

LONGEST = 300
"""Characters of one piece of what others wrote."""
WIDEST_NAME = 34
"""Characters of a name beside which a title begins."""
FEW = 2
"""Kinds of one lack that have a row each."""
NAMES = 2
"""What of a longer list is named."""
LABEL = max(len(each.label) for each in Severity)
MARGIN = " " * (LABEL + 2)


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and how bad what it begins with is: its first word then is the severity."""

    text: str
    severity: Severity | None = None
    heading: bool = False


def one_line(text: str, longest: int = LONGEST) -> str:
    """``text`` without line breaks, and without what a terminal takes for a command."""
    return cut(visible(" ".join(text.split())), longest)


def rows(findings: Iterable[Finding], width: int = 100) -> Iterator[Line]:
    """A row for each kind, with everything where it was met; ``findings`` come the worst first."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.kind.name, []).append(finding)
    column = min(max((len(name) for name in grouped), default=0), WIDEST_NAME, max(width - 2 * len(MARGIN) - 20, 0))
    for name, same in grouped.items():
        yield from _row(name, same, column, width)


def condensed(findings: Iterable[Finding]) -> list[Finding]:
    """One for all kinds that the same lack lets happen, such as every wrong audience, unless they are few."""
    return [each for same in alike(findings) for each in _condensed(same)]


def alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Those together that the same lack lets happen."""
    lacks: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        kind = finding.kind
        lacks.setdefault((kind.severity, kind.topic, kind.why), []).append(finding)
    return list(lacks.values())


def _condensed(same: list[Finding]) -> list[Finding]:
    names = list(dict.fromkeys(finding.kind.name for finding in same))
    if len(names) <= FEW:
        return same
    kind = same[0].kind
    return [
        Finding(replace(kind, name=f"{kind.topic}: {len(names)} findings", title=kind.why.rstrip(".")), some(names))
    ]


def some(names: Iterable[str]) -> str:
    """The first of them, and how many more there are."""
    every = list(names)
    more = f" and {len(every) - NAMES} more" if len(every) > NAMES else ""
    return f"{', '.join(every[:NAMES])}{more}"


def of_exchange(exchange: Exchange) -> Iterator[str]:
    """What was sent behind ``>``, what came back behind ``<``."""
    yield f"> {one_line(f'{exchange.method} {exchange.url}')}"
    yield from (f"> {one_line(f'{name}: {value}')}" for name, value in exchange.sent)
    if exchange.sent_body:
        yield f"> {one_line(exchange.sent_body)}"
    yield f"< {exchange.status or 'nothing'}{f' ({one_line(exchange.problem)})' if exchange.problem else ''}"
    yield from (f"< {one_line(f'{name}: {value}')}" for name, value in exchange.headers)
    if exchange.body:
        yield f"< {one_line(exchange.body)}"


def filled(text: str, margin: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` characters, each behind ``margin``."""
    return wrap(text, max(width, len(margin) + 24), initial_indent=margin, subsequent_indent=margin,
                break_on_hyphens=False)  # fmt: skip


def _row(name: str, same: list[Finding], column: int, width: int) -> Iterator[Line]:
    kind = same[0].kind
    label = f"{kind.severity.label:<{LABEL}}  {one_line(name):<{column}}"
    margin = " " * (LABEL + column + 4)
    subjects = [one_line(each.subject) for each in same if each.subject]
    count = f"{len(subjects)}: " if len(subjects) > 1 else ""
    met = f" ({count}{some(subjects)})" if subjects else ""
    if len(label) + 2 > len(margin):  # a long name has the line for itself
        yield Line(label, kind.severity)
        yield from (Line(line) for line in filled(f"{one_line(kind.title)}{met}", margin, width))
        return
    first, *rest = filled(f"{one_line(kind.title)}{met}", margin, width)
    yield Line(f"{label}  {first[len(margin) :]}", kind.severity)
    yield from (Line(line) for line in rest)
