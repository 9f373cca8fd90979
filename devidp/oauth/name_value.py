"""Names and values as people type them, ``name=value``, in a command or a form."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def texts(typed: Iterable[str]) -> dict[str, str]:
    """The values by name; raises ValueError for what is no pair, and for a name that comes twice."""
    found: dict[str, str] = {}
    for text in typed:
        name, equals, said = text.partition("=")
        if not equals or not name:
            raise ValueError(f"got {text!r}, expected NAME=VALUE")
        if name in found:
            raise ValueError(f"got {name!r} twice, expected one value for it")
        found[name] = said
    return found


def members(typed: Iterable[str]) -> dict[str, Any]:
    """The members that ``name=value`` pairs and whole JSON objects say; raises ValueError as ``texts`` does."""
    found: dict[str, Any] = {}
    for text in typed:
        for name, said in _members(text).items():
            if name in found:
                raise ValueError(f"got {name!r} twice, expected one value for it")
            found[name] = said
    return found


def _members(text: str) -> dict[str, Any]:
    if not text.startswith("{"):
        return {name: value(said) for name, said in texts([text]).items()}
    found = value(text)
    if isinstance(found, dict):
        return found
    raise ValueError(f"got {text!r}, expected NAME=VALUE or a JSON object")


def pair(name: str, said: Any) -> str:
    """The text that ``members`` reads as this one; an object where the name has an equals sign, or cannot be seen."""
    if "=" in name or not name.isprintable() or not name or name.startswith("{"):
        return json.dumps({name: said})
    return f"{name}={written(said)}"


def value(text: str) -> Any:
    """What is JSON as that, and anything else as the text that it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def written(said: Any) -> str:
    """The text of which ``value`` makes ``said``; nothing in it is invisible, or obeyed by a terminal."""
    return said if isinstance(said, str) and said.isprintable() and value(said) == said else json.dumps(said)
