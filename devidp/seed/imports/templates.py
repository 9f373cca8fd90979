"""Values with placeholders of other tools, as the templates of a seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_DOLLAR = re.compile(r"\$\{([^}]*)\}")


def literal(value: Any) -> Any:
    """``value`` as a template that stands for itself."""
    if isinstance(value, str):
        return value.replace("{", "{{").replace("}", "}}")
    if isinstance(value, list):
        return [literal(each) for each in value]
    return {literal(name): literal(each) for name, each in value.items()} if isinstance(value, dict) else value


def from_dollars(value: Any, names: Mapping[str, str]) -> Any:
    """``value`` with ``${name}`` as the placeholder that ``names`` has for it; raises KeyError for another name."""
    return _mapped(value, literal, lambda name: f"{{{names[name]}}}")


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """``value`` with what ``values`` has for each ``${name}``; raises KeyError for another name."""
    return _mapped(value, str, values.__getitem__)


def _mapped(value: Any, text: Callable[[str], str], name: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        parts = _DOLLAR.split(value)
        return "".join(name(part) if index % 2 else text(part) for index, part in enumerate(parts))
    if isinstance(value, list):
        return [_mapped(each, text, name) for each in value]
    if isinstance(value, dict):
        return {_mapped(key, text, name): _mapped(each, text, name) for key, each in value.items()}
    return value
