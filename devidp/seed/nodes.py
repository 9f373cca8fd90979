"""YAML text to PyYAML's nodes, within bounds: no cycles, no alias bombs, no bottomless nesting."""

from __future__ import annotations

from typing import Any

import yaml
from yaml.composer import Composer, ComposerError

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


def compose_nodes(text: str) -> yaml.Node | None:
    """The root of the one document in ``text``; ``None`` where there is none. Raises YAMLError."""
    return _Composer(text).get_single_node()


class _Composer(Composer):
    """PyYAML's composer over its fastest parser."""

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
