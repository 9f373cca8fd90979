"""The text of a seed without its secrets, line by line, so that each mistake stays in its line."""

from __future__ import annotations

import re

import yaml

from devidp.seed.compose import nodes
from devidp.seed.difference import HIDDEN, SECRET

Place = tuple[int, int]
_COMMENT = re.compile(rf"((?:^|\s)#.*?\b(?:{'|'.join(sorted(SECRET))})\b\s*[:=]\s*)\S.*")


def redacted(text: str) -> list[str] | None:
    """The lines, with ``…`` in place of secrets; ``None`` where it is no YAML, and nobody can tell what is one."""
    try:
        root = nodes(text)
    except yaml.YAMLError:
        return None
    lines = text.splitlines()
    # from the last one backwards, so that the places before it stay true
    for start, end in reversed(_places(root)):
        _hide(lines, start, end)
    return [_COMMENT.sub(rf"\1{HIDDEN}", line) for line in lines]


def _places(root: yaml.Node | None) -> list[tuple[Place, Place]]:
    """Line and column where each secret begins and ends, in the order of the text; one within another is part of it."""
    found: list[tuple[Place, Place]] = []
    for start, end in sorted((_place(node.start_mark), _place(node.end_mark)) for node in _secrets(root)):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _place(mark: yaml.Mark) -> Place:
    return mark.line, mark.column


def _secrets(root: yaml.Node | None) -> set[yaml.Node]:
    """The values of secret keys; where one is an alias, what it stands for."""
    found: set[yaml.Node] = set()
    seen: set[yaml.Node] = set()
    waiting = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, yaml.MappingNode):
            found |= {value for key, value in node.value if isinstance(key, yaml.ScalarNode) and key.value in SECRET}
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
    return found


def _hide(lines: list[str], start: Place, end: Place) -> None:
    (first, column), (last, after) = start, end
    if first == last:
        if after > column:
            lines[first] = f"{lines[first][:column]}{HIDDEN}{lines[first][after:]}"
        return
    lines[first] = f"{lines[first][:column]}{HIDDEN}"
    for number in range(first + 1, last):
        lines[number] = HIDDEN if lines[number].strip() else ""
    # a block ends where the next key begins, which is no part of it
    if last < len(lines) and lines[last][:after].strip():
        lines[last] = f"{HIDDEN}{lines[last][after:]}"
