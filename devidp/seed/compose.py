"""YAML text to values with lines, within bounds: no tags, no cycles, no alias bombs, no bottomless nesting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from devidp.seed.problems import Place, Problem, SeedError, came, dotted
from devidp.seed.syntax import syntax_problem
from devidp.seed.values import Items, Plain, Table

MAX_DEPTH = 50
MAX_NODES = 200_000
"""Values with every alias written out; a long text counts as several."""
WEIGHT = 64
"""Characters that count as a value."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_CORE_TAGS = frozenset({"!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"})
_MERGE = "<<"


@dataclass(frozen=True, slots=True)
class _Node:
    """A value; size and height count what its aliases expand to."""

    value: Any
    size: int = 1
    height: int = 1


def compose(text: str, file: str) -> tuple[Table, tuple[Problem, ...]]:
    """The mapping that ``text`` describes, and the mistakes that leave it readable; raises SeedError for the others."""
    composer = _Composer(yaml.parse(text, Loader=_LOADER), file)
    try:
        root = composer.document()
    except yaml.YAMLError as error:
        raise SeedError((*composer.problems, syntax_problem(error, text, file))) from None
    if root is None:
        raise composer.failure(
            None, (), "the seed is empty; `devidp init` writes one with comments, {} takes every default"
        )
    if not isinstance(root, Table):
        raise composer.failure(1, (), f"{came(root)}; expected a mapping with keys such as issuers, users and clients")
    return root, tuple(composer.problems)


class _Composer:
    """Reads the events of one YAML stream, by recursive descent."""

    def __init__(self, events: Iterator[yaml.Event], file: str) -> None:
        self.problems: list[Problem] = []
        self._events = events
        self._file = file
        self._anchors: dict[str, _Node | None] = {}
        self._nodes = 0

    def failure(self, line: int | None, place: Place, message: str) -> SeedError:
        """The mistakes so far with one that ends the reading."""
        self._note(line, place, message)
        return SeedError(self.problems)

    def _note(self, line: int | None, place: Place, message: str) -> None:
        self.problems.append(Problem(self._file, line, dotted(place), message))

    def document(self) -> object:
        root, documents = _Node(None), 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
            if documents > 1:
                raise self.failure(_line(event), (), "a second document begins here (---); a seed is one document")
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, ())
        return root.value

    def _node(self, event: yaml.Event, place: Place) -> _Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, place)
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)
        size = 1 + (len(event.value) // WEIGHT if isinstance(event, yaml.ScalarEvent) else 0)
        self._bound(_line(event), place, size, height=1)
        self._check_tag(event, place)
        anchor: str | None = event.anchor
        if anchor is not None:
            self._anchors[anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            node = _Node(_scalar(event), size)
        elif isinstance(event, yaml.MappingStartEvent):
            node = self._table(place)
        else:
            node = self._items(place)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _alias(self, event: yaml.AliasEvent, place: Place) -> _Node:
        name, line = event.anchor, _line(event)
        if name not in self._anchors:
            known = ", ".join(f"&{anchor}" for anchor in self._anchors) or "none"
            raise self.failure(
                line, place, f"no anchor &{name} comes before the alias *{name}; anchors so far: {known}"
            )
        node = self._anchors[name]
        if node is None:
            raise self.failure(line, place, f"the alias *{name} stands inside its own anchor; a seed has an end")
        self._bound(line, place, node.size, node.height)
        return node

    def _bound(self, line: int, place: Place, size: int, height: int) -> None:
        self._nodes += size
        if self._nodes > MAX_NODES:
            raise self.failure(
                line, place, f"with its aliases the seed has more than {MAX_NODES} values; make it smaller"
            )
        if len(place) + height > MAX_DEPTH:
            raise self.failure(line, (), f"the seed is nested more than {MAX_DEPTH} levels deep; flatten it")

    def _check_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, place: Place) -> None:
        if event.tag is not None and event.tag not in _CORE_TAGS:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._note(_line(event), place, f"the tag {tag} came; a seed has no tags, remove it")

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _items(self, place: Place) -> _Node:
        items, size, height = Items(), 1, 0
        for index, event in enumerate(self._until(yaml.SequenceEndEvent)):
            node = self._node(event, (*place, index))
            items.append(node.value)
            items.lines.append(_line(event))
            size, height = size + node.size, max(height, node.height)
        return _Node(items, size, height + 1)

    def _table(self, place: Place) -> _Node:
        table, size, height = Table(), 1, 0
        merged: list[Table] = []
        for event in self._until(yaml.MappingEndEvent):
            key = self._key(event, place)
            node = self._node(next(self._events), (*place, str(key)))
            size, height = size + node.size, max(height, node.height)
            if key == _MERGE and isinstance(key, Plain):
                merged += self._sources(node.value, _line(event), place)
            elif key in table:
                self._note(
                    _line(event),
                    (*place, str(key)),
                    f"this key came before, in line {table.lines[key]}; keep one of them",
                )
            else:
                table[str(key)] = node.value
                table.lines[str(key)] = _line(event)
        return _Node(_merge(table, merged) if merged else table, size, height + 1)

    def _key(self, event: yaml.Event, place: Place) -> str:
        if isinstance(event, yaml.ScalarEvent) and event.value:
            self._check_tag(event, place)
            return Plain(event.value) if _is_plain(event) else str(event.value)
        if isinstance(event, yaml.AliasEvent) and isinstance(node := self._alias(event, place).value, str) and node:
            return str(node)
        what = "an empty key" if isinstance(event, yaml.ScalarEvent) else "a mapping, list or empty value as a key"
        raise self.failure(
            _line(event), place, f"{what} came; a key is text, put it in quotes if it has special characters"
        )

    def _sources(self, value: object, line: int, place: Place) -> list[Table]:
        """The mappings that a merge key names, the one that counts most first."""
        sources = value if isinstance(value, Items) else [value]
        tables = [source for source in sources if isinstance(source, Table)]
        if len(tables) < len(sources):
            wrong = next(source for source in sources if not isinstance(source, Table))
            self._note(line, (*place, _MERGE), f"{came(wrong)}; expected a mapping or its alias: `<<: *name`")
        return tables


def _merge(own: Table, sources: list[Table]) -> Table:
    """``own`` with what it lacks from the sources before it."""
    result = Table()
    for table in (*reversed(sources), own):
        result.update(table)
        result.lines.update(table.lines)
    return result


def _scalar(event: yaml.ScalarEvent) -> str | None:
    if not _is_plain(event):
        return str(event.value)
    return None if event.value in _NULLS else Plain(event.value)


def _is_plain(event: yaml.ScalarEvent) -> bool:
    return not event.style and event.tag is None


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.line + 1
