"""The parts of a seed, files, texts and mappings, each laid over those before it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devidp.seed import text
from devidp.seed.compose import compose
from devidp.seed.from_python import normalise
from devidp.seed.overlay import lay_over
from devidp.seed.problems import Problem, SeedError
from devidp.seed.values import Table, mapping
from devidp.seed.variables import Variables

Source = Path | str | Mapping[str, Any]
"""A file, YAML text, or a mapping from Python or JSON."""


class Layers:
    """``opened`` is told every file that is looked for; ``name`` is what messages call what is no file."""

    def __init__(self, variables: Variables, opened: set[Path], name: str) -> None:
        self.data = Table()
        self.names: list[str] = []
        self.problems: list[Problem] = []
        """What is wrong and still leaves them readable."""
        self._unreadable: list[Problem] = []
        self._opened = opened
        self._variables = variables
        self._name = name

    def add(self, source: Source) -> None:
        name = str(source) if isinstance(source, Path) else self._name
        self.names.append(name)
        try:
            layer, problems = self._read(source, name)
        except SeedError as error:
            self._unreadable += error.problems
            return
        self.problems += problems
        self.data = lay_over(_said(layer, self.data), self.data)

    def check(self) -> None:
        """Raises SeedError where one of them could not be read."""
        if self._unreadable:
            raise SeedError(self._unreadable)

    def _read(self, source: Source, name: str) -> tuple[Table, tuple[Problem, ...]]:
        if isinstance(source, Path):
            self._opened.add(source)
            return compose(text.read(source), name, source.parent, self._variables)
        if isinstance(source, str):
            text.check(source, name)
            return compose(source, name, Path(), self._variables)
        return normalise(source, name)


def _said(layer: Table, below: Table) -> Table:
    """``layer`` without the sections and entries below of which it says nothing but their name."""
    result = lay_over(layer, {})
    for section, entries in layer.items():
        known = mapping(below.get(section))
        if entries is None and section in below:
            del result[section]
        elif isinstance(entries, dict):
            named = [name for name, entry in entries.items() if entry is None and name in known]
            result[section] = lay_over(entries, {}, "names")
            for name in named:
                del result[section][name]
    return result
