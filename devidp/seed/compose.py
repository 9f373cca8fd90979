"""YAML text to values that know their lines and whether they were written without quotes.

Within bounds: no cycles, no alias bombs, no bottomless nesting.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer, ComposerError

from devidp.seed.problems import Place, Problem, Refused, SeedError, describe, format_place
from devidp.seed.values import Items, Line, Plain, Table, Variable
from devidp.seed.variables import Variables, is_one_variable

MAX_DEPTH = 50
MAX_NODES = 400_000
"""Keys and values with every alias written out; a long text counts as several."""
WEIGHT = 64
"""Characters that count as a value."""
TOO_DEEP = f"the seed is nested more than {MAX_DEPTH} levels deep; flatten it"
TOO_MANY = f"with its aliases the seed has more than {MAX_NODES} keys and values; make it smaller"

PLAIN = "plain"
"""The tag of a scalar that was written without quotes and without a tag."""
TEXT = "tag:yaml.org,2002:str"
LIST = "tag:yaml.org,2002:seq"
MAPPING = "tag:yaml.org,2002:map"

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_MERGE = "<<"


def nodes(text: str) -> yaml.Node | None:
    """What ``text`` is made of, with the place of each part; raises yaml.YAMLError."""
    return _Composer(text).get_single_node()


def compose(text: str, file: str, folder: Path, variables: Variables) -> tuple[Table, tuple[Problem, ...]]:
    """The mapping that ``text`` describes, and the mistakes that leave it readable; raises SeedError for the others.

    ``file`` is its name in messages, ``folder`` where relative paths in it begin.
    """
    reader = _Reader(file, folder, variables)
    try:
        node = nodes(text)
    except yaml.YAMLError as error:
        raise SeedError([_syntax_problem(error, text, file)]) from None
    root = None if node is None else reader.value(node, ())
    if isinstance(root, Table):
        return root, tuple(reader.problems)
    if root is None:
        reader.note(None, (), "the seed is empty; `devidp init` writes one with comments, {} takes every default")
    else:
        reader.note(1, (), f"{describe(root)}, expected a mapping with keys such as issuers, users and clients")
    raise SeedError(reader.problems)


class _Reader:
    def __init__(self, file: str, folder: Path, variables: Variables) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._folder = folder
        self._variables = variables
        self._values: dict[yaml.Node, object] = {}

    def note(self, line: int | None, place: Place, message: str) -> None:
        self.problems.append(Problem(self._file, line, format_place(place), self._variables.hide(message)))

    def value(self, node: yaml.Node, place: Place) -> object:
        """What ``node`` stands for: the same value wherever an alias leads to it."""
        if node not in self._values:
            self._check_tag(node, place)
            if isinstance(node, yaml.ScalarNode):
                self._values[node] = self._scalar(node, place)
            elif isinstance(node, yaml.SequenceNode):
                self._values[node] = self._items(node, place)
            else:
                self._values[node] = self._table(node, place)
        return self._values[node]

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> str | None:
        text, in_quotes = _text(node), node.tag != PLAIN
        if "$" in text:
            try:
                kind = Plain if not in_quotes else Variable if is_one_variable(text) else str
                text = kind(self._variables.expand(text))
            except Refused as refusal:
                self.note(_line(node), place, str(refusal))
        return None if not in_quotes and text in _NULLS else text

    def _check_tag(self, node: yaml.Node, place: Place) -> None:
        if node.tag not in (PLAIN, TEXT, LIST, MAPPING):
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self.note(_line(node), place, f"got the tag {tag}; a seed has no tags, remove it")

    def _items(self, node: yaml.Node, place: Place) -> Items:
        items = Items(self.value(item, (*place, index)) for index, item in enumerate(node.value))
        items.lines = [self._where(item) for item in node.value]
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
                self.note(line, here, f"this key is in line {table.lines[key].number} already; keep one of them")
            else:
                table[str(key)], table.lines[str(key)] = value, self._where(key_node)
        return _merge(table, merged) if merged else table

    def _where(self, node: yaml.Node) -> Line:
        return Line(self._file, _line(node), self._folder)

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


class _Composer(Composer):
    """PyYAML's composer over its fastest parser, counting as it goes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        parser = _PARSER(text)
        self.check_event, self.peek_event, self.get_event = parser.check_event, parser.peek_event, parser.get_event
        self._nodes = self._depth = self._deepest = 0
        self._expanded: dict[yaml.Node, tuple[int, int]] = {}
        """How many nodes each one stands for, and on how many levels."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            self._count(event, *self._expanded[self._target(event)])
            return super().compose_node(parent, index)
        self.anchors.pop(event.anchor, None)  # an anchor may be set anew (YAML 1.2 section 3.2.2.2)
        if isinstance(event, yaml.ScalarEvent):
            event.tag = TEXT if event.tag == "!" else event.tag
        before, deepest, self._deepest = self._nodes, self._deepest, self._depth
        self._count(event, 1 + len(getattr(event, "value", "")) // WEIGHT, 1)
        node = super().compose_node(parent, index)
        assert node is not None
        self._expanded[node] = self._nodes - before, self._deepest - self._depth
        self._deepest = max(deepest, self._deepest)
        return node

    def _target(self, event: Any) -> yaml.Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            known = ", ".join(f"&{anchor}" for anchor in self.anchors) or "none"
            raise _stop(
                event,
                f"got the alias *{event.anchor} without an anchor &{event.anchor} before it; anchors so far: {known}",
            )
        if node not in self._expanded:
            raise _stop(event, f"the alias *{event.anchor} stands inside its own anchor; a seed has an end")
        return node

    def _count(self, event: Any, nodes: int, height: int) -> None:
        self._nodes += nodes
        self._deepest = max(self._deepest, self._depth + height)
        if self._nodes > MAX_NODES:
            raise _stop(event, TOO_MANY)
        if self._deepest > MAX_DEPTH:
            raise _stop(event, TOO_DEEP)

    def descend_resolver(self, *_: object) -> None:
        self._depth += 1

    def ascend_resolver(self) -> None:
        self._depth -= 1

    def resolve(self, kind: type[yaml.Node], _value: object, implicit: Any) -> str:
        """The tag of a node that has none."""
        if kind is yaml.ScalarNode:
            return PLAIN if implicit[0] else TEXT
        return LIST if kind is yaml.SequenceNode else MAPPING


def _stop(event: Any, message: str) -> ComposerError:
    return ComposerError(None, None, message, event.start_mark)


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem(file, None, "", f"this is not YAML: {' '.join(str(error).split())}")
    mark = error.problem_mark
    lines = text.splitlines() or [""]
    number = min(mark.line, len(lines) - 1)
    return Problem(file, number + 1, "", _message(error, lines[number], lines[number][mark.column : mark.column + 1]))


def _message(error: yaml.MarkedYAMLError, line: str, character: str) -> str:
    said = error.problem or "this is not YAML"
    if isinstance(error, ComposerError):
        return "a second document begins here (---); a seed is one document" if error.context else said
    if "nesting depth" in said:
        return TOO_DEEP
    if "${" in line and "a flow " in (error.context or ""):
        return 'between braces or brackets a value with ${ needs quotes; write "${NAME}"'
    if character == "\t" or "\t" in line[: len(line) - len(line.lstrip())]:
        return "got a tab, and YAML indents with spaces; replace it by spaces"
    if "cannot start any token" in said:
        return f"the character {character!r} cannot begin a value; put the value in quotes"
    if "mapping values are not allowed" in said:
        return "got a second key inside a value; put a value with `: ` in quotes, or check the indentation of this line"
    if "an alias" in (error.context or ""):
        return "* begins an alias; put text that begins with * in quotes"
    began = error.context_mark
    since = f" ({error.context}, which began in line {began.line + 1})" if error.context and began else ""
    return f"this is not YAML: {said}{since}; check quotes, brackets and indentation up to this line"
