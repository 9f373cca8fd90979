"""The text of a seed file with its mistakes in their lines, and without its secrets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from devidp.seed import Problem, SeedError, text
from devidp.seed.redacted import redacted
from devidp.web.control.seed import Examined
from devidp.web.seed_origin import VARIABLE, SeedOrigin

LINES = 150
"""How many are on a page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file; ``messages`` are the mistakes in it."""

    number: int
    text: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake and where it is shown: the file's number in the list, and the page of it; ``None``: nowhere."""

    problem: Problem
    file: int | None
    page: int


def shown_files(examined: Examined) -> list[str]:
    """The names of the texts that may be shown; a file that the seed names otherwise may be a secret as a whole."""
    if examined.origin == "variable":
        return [VARIABLE]
    return [file.path for file in examined.files if file.role != "named"]


def lines(name: str, origin: SeedOrigin, problems: Iterable[Problem]) -> list[Line] | None:
    """The lines of the text ``name``; ``None`` where it cannot be read, or nobody can tell what in it is secret."""
    try:
        written = origin.text if origin.text is not None else text.read(Path(name))
    except SeedError:
        return None
    shown = redacted(written)
    if shown is None:
        return None
    messages: dict[int, list[str]] = {}
    for problem in problems:
        if problem.file == name and problem.line is not None:
            messages.setdefault(problem.line, []).append(": ".join(filter(None, (problem.path, problem.message))))
    return [Line(number, line, tuple(messages.get(number, ()))) for number, line in enumerate(shown, 1)]


def mistakes(examined: Examined) -> list[Mistake]:
    """Every mistake with its place on this page of the dashboard."""
    names = shown_files(examined)
    return [
        Mistake(each, names.index(each.file) if each.file in names else None, ((each.line or 1) - 1) // LINES + 1)
        for each in examined.problems
    ]
