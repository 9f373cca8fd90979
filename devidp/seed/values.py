"""Values as the seed was written: mappings and lists that know their lines, and scalars that nobody has interpreted.

YAML 1.1 reads ``no`` as false, ``0123`` as 83 and ``1990-01-01`` as a date. Here a scalar without quotes stays the text
that was written until the model says what is expected.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from devidp.seed.problems import Place, Problem, format_place

Identity = tuple[int, str | int]
"""Tells one written value from another, however many aliases lead to it."""


class Plain(str):
    """A scalar that was written without quotes."""

    __slots__ = ()


class Variable(str):
    """A scalar in quotes that is one variable: text where text will do, and not where another type is expected."""

    __slots__ = ()


UNQUOTED = (Plain, Variable)
"""Scalars that may be another type than text. In braces YAML has no variable without quotes."""


class Line(NamedTuple):
    """Where something was written: ``file`` is its name in messages, relative paths in it begin in ``folder``."""

    file: str
    number: int | None
    """``None``: it is no text."""
    folder: Path


class Table(dict[str, Any]):
    """A mapping, and where each of its keys was written."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}


class Items(list[Any]):
    """A list, and where each of its items was written."""

    lines: list[Line]


def problem_at(root: object, place: Place, message: str, file: str) -> tuple[Identity, Problem]:
    """The problem at ``place``, in its line or that of the nearest value above it, and which value that is.

    What was written nowhere is of ``file``.
    """
    line = next(iter(root.lines.values()), None) if isinstance(root, Table) else None
    identity: Identity = (id(root), "")
    for part in place:
        identity = (id(root), part)
        if isinstance(root, dict) and isinstance(part, str) and part in root:
            line = root.lines.get(part) or line if isinstance(root, Table) else line
            root = root[part]
        elif isinstance(root, list) and isinstance(part, int) and part < len(root):
            line = root.lines[part] if isinstance(root, Items) else line
            root = root[part]
        else:
            break
    return identity, Problem(line.file if line else file, line and line.number, format_place(place), message)


def mapping(value: object) -> dict[str, Any]:
    """``value`` where it is a mapping, otherwise an empty one: for looking ahead into what is not checked yet."""
    return value if isinstance(value, dict) else {}
