"""Files of other tools: JSON or YAML, read as they are, and asked for members that may be of any kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from devidp.seed.problems import Problem, SeedError
from devidp.seed.text import read as read_text

Document = Mapping[str, Any]


def read(path: Path) -> list[Document]:
    """The mappings at the top of a file, of which JSON may have several in a list; raises SeedError."""
    written = read_text(path)
    try:
        value = json.loads(written) if written.lstrip().startswith(("{", "[")) else yaml.safe_load(written)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        why = " ".join(str(error).split())
        raise SeedError([Problem(str(path), None, "", f"it is neither JSON nor YAML: {why}")]) from None
    found = value if isinstance(value, list) else [value]
    if not found or not all(isinstance(each, dict) for each in found):
        raise SeedError([Problem(str(path), None, "", "expected a mapping at its top, or a list of mappings")])
    return found


def table(document: Document, *names: str) -> Document:
    """The mapping under these names, one inside the other; empty where there is none."""
    for name in names:
        value = document.get(name)
        document = value if isinstance(value, dict) else {}
    return document


def tables(document: Document, name: str) -> list[Document]:
    """The mappings in a list."""
    return [each for each in items(document, name) if isinstance(each, dict)]


def items(document: Document, name: str) -> list[Any]:
    """A list; a single value is one of one item, and nothing is an empty one."""
    value = document.get(name)
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def texts(document: Document, name: str) -> list[str]:
    """The texts in a list."""
    return [each for each in items(document, name) if isinstance(each, str) and each]


def text(document: Document, name: str) -> str:
    """The text of this name; empty where there is none."""
    value = document.get(name)
    return value if isinstance(value, str) else ""


def present(entry: Mapping[str, Any]) -> dict[str, Any]:
    """``entry`` without what says nothing."""
    return {name: value for name, value in entry.items() if value not in (None, "", [], {})}
