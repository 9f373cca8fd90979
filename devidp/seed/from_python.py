"""A mapping from Python as the model wants it: only what YAML or JSON could hold, within the same bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from pathlib import Path, PurePath
from typing import Any

from devidp.seed.compose import MAX_DEPTH, MAX_NODES
from devidp.seed.problems import Place, Problem, SeedError, describe_kind, format_place
from devidp.seed.values import Line, Table

MAX_BITS = 1024


def normalise(data: Mapping[Any, Any], file: str) -> tuple[Table, tuple[Problem, ...]]:
    """``data`` as tables and lists, and what in it is neither text, number, boolean, list nor mapping."""
    reader = _Reader(file)
    return reader.table(data, ()), tuple(reader.problems)


class _Reader:
    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._line = Line(file, None, Path())
        self._nodes = 0

    def _note(self, place: Place, message: str) -> None:
        self.problems.append(Problem(self._file, None, format_place(place), message))

    def table(self, data: Mapping[Any, Any], place: Place) -> Table:
        result = Table()
        for key, value in data.items():
            if isinstance(key, str) and key:
                name = str.__str__(key)
                result[name], result.lines[name] = self._value(value, (*place, name)), self._line
            else:
                self._note(place, f"{describe_kind(key)} as a key; a key is text that is not empty")
        return result

    def _value(self, value: object, place: Place) -> object:
        self._nodes += 1
        if self._nodes > MAX_NODES or len(place) > MAX_DEPTH:
            self._note((), f"the seed has more than {MAX_NODES} values or {MAX_DEPTH} levels; make it smaller")
            raise SeedError(self.problems)
        if isinstance(value, Mapping):
            return self.table(value, place)
        if isinstance(value, list | tuple | set | frozenset):
            items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
            return [self._value(item, (*place, index)) for index, item in enumerate(items)]
        return self._scalar(value, place)

    def _scalar(self, value: object, place: Place) -> object:
        if value is None or isinstance(value, bool) or (isinstance(value, float) and isfinite(value)):
            return value
        if isinstance(value, int) and value.bit_length() <= MAX_BITS:
            return value
        if isinstance(value, str):
            return str.__str__(value)  # a member of a str enumeration prints as its name
        if isinstance(value, PurePath):
            return str(value)
        if isinstance(value, date):
            return value.isoformat()
        self._note(place, f"{describe_kind(value)}, expected text, a finite number, true, false, a list or a mapping")
        return None
