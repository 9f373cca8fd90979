"""YAML text to values that know their lines and whether they were written without quotes."""

from __future__ import annotations

import yaml

from devidp.seed.nodes import LIST, MAPPING, PLAIN, TEXT, compose_nodes
from devidp.seed.problems import Place, Problem, SeedError, describe, dotted
from devidp.seed.syntax import syntax_problem
from devidp.seed.values import Items, Plain, Table

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_MERGE = "<<"


def compose(text: str, file: str) -> tuple[Table, tuple[Problem, ...]]:
    """The mapping that ``text`` describes, and the mistakes that leave it readable; raises SeedError for the others."""
    reader = _Reader(file)
    try:
        node = compose_nodes(text)
    except yaml.YAMLError as error:
        raise SeedError([syntax_problem(error, text, file)]) from None
    root = None if node is None else reader.value(node, ())
    if isinstance(root, Table):
        return root, tuple(reader.problems)
    empty = "the seed is empty; `devidp init` writes one with comments, {} takes every default"
    other = f"{describe(root)}, expected a mapping with keys such as issuers, users and clients"
    reader.note(None if root is None else 1, (), empty if root is None else other)
    raise SeedError(reader.problems)


class _Reader:
    def __init__(self, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._values: dict[yaml.Node, object] = {}

    def note(self, line: int | None, place: Place, message: str) -> None:
        self.problems.append(Problem(self._file, line, dotted(place), message))

    def value(self, node: yaml.Node, place: Place) -> object:
        """What ``node`` stands for: the same value wherever an alias leads to it."""
        if node not in self._values:
            self._check_tag(node, place)
            if isinstance(node, yaml.ScalarNode):
                self._values[node] = None if node.tag == PLAIN and node.value in _NULLS else _text(node)
            elif isinstance(node, yaml.SequenceNode):
                self._values[node] = self._items(node, place)
            else:
                self._values[node] = self._table(node, place)
        return self._values[node]

    def _check_tag(self, node: yaml.Node, place: Place) -> None:
        if node.tag not in (PLAIN, TEXT, LIST, MAPPING):
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self.note(_line(node), place, f"got the tag {tag}; a seed has no tags, remove it")

    def _items(self, node: yaml.Node, place: Place) -> Items:
        items = Items()
        for index, item in enumerate(node.value):
            items.append(self.value(item, (*place, index)))
            items.lines.append(_line(item))
        return items

    def _table(self, node: yaml.Node, place: Place) -> Table:
        table = Table()
        merged: list[Table] = []
        for key_node, value_node in node.value:
            line = _line(key_node)
            if not (isinstance(key_node, yaml.ScalarNode) and key_node.value):
                self.note(line, place, "got a key that is no text; put it in quotes if it has special characters")
                continue
            self._check_tag(key_node, place)
            key = _text(key_node)
            here = (*place, str(key))
            value = self.value(value_node, here)
            if key == _MERGE and isinstance(key, Plain):
                merged += self._sources(value, line, here)
            elif key in table:
                self.note(line, here, f"this key is in line {table.lines[key]} already; keep one of them")
            else:
                table[str(key)], table.lines[str(key)] = value, line
        return _merge(table, merged) if merged else table

    def _sources(self, value: object, line: int, place: Place) -> list[Table]:
        """The mappings that a merge key names, the one that counts most first."""
        sources = value if isinstance(value, Items) else [value]
        tables = [source for source in sources if isinstance(source, Table)]
        if len(tables) < len(sources):
            wrong = next(source for source in sources if not isinstance(source, Table))
            self.note(line, place, f"{describe(wrong)}, expected a mapping or its alias: `<<: *name`")
        return tables


def _merge(own: Table, sources: list[Table]) -> Table:
    """``own`` with what it lacks from the sources before it."""
    result = Table()
    for table in (*reversed(sources), own):
        result.update(table)
        result.lines.update(table.lines)
    return result


def _text(node: yaml.ScalarNode) -> str:
    return Plain(node.value) if node.tag == PLAIN else str(node.value)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
