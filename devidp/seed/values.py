"""Values as the seed was written: mappings and lists that know their lines, and scalars that nobody has interpreted.

YAML 1.1 reads ``no`` as false, ``0123`` as 83 and ``1990-01-01`` as a date. Here a scalar without quotes stays the text
that was written until the model says what is expected.
"""

from __future__ import annotations

from typing import Any

from devidp.seed.problems import Place

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


class Table(dict[str, Any]):
    """A mapping, and the line of each of its keys."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}


class Items(list[Any]):
    """A list, and the line of each of its items."""

    lines: list[int]


def locate(root: object, place: Place) -> tuple[int | None, Identity]:
    """The line of the value at ``place``, or of the nearest one above it that was written, and which value that is."""
    line = 1 if isinstance(root, Table) else None
    identity: Identity = (id(root), "")
    for part in place:
        identity = (id(root), part)
        if isinstance(root, Table) and isinstance(part, str) and part in root.lines:
            line, root = root.lines[part], root.get(part)
        elif isinstance(root, Items) and isinstance(part, int) and part < len(root):
            line, root = root.lines[part], root[part]
        else:
            break
    return line, identity


def mapping(value: object) -> dict[str, Any]:
    """``value`` where it is a mapping, otherwise an empty one: for looking ahead into what is not checked yet."""
    return value if isinstance(value, dict) else {}
