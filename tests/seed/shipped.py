"""Writes devidp/seed/shipped.py anew from seed.yaml: ``python -m tests.seed.shipped``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from typing import Any

from devidp.models import Seed
from devidp.seed import parse, shipped_path
from devidp.seed.reading import fingerprint

TARGET = Path(parse.__file__).with_name("shipped.py")
SHARED = ("users", "clients")
"""What all issuers of the shipped seed have alike."""


def read() -> tuple[str, Seed]:
    """The fingerprint of the shipped text, and the seed that the whole of its checks makes of it."""
    path = shipped_path()
    text = path.read_text(encoding="utf-8")
    return fingerprint(text), parse.from_text(text, str(path), path.parent)


def written(value: Any) -> str:
    """``value`` in Python, without what is the default anyway."""
    if is_dataclass(value) and not isinstance(value, type):
        given = [f"{each.name}={_of_field(value, each)}" for each in fields(value) if not _is_default(value, each)]
        return f"records.{type(value).__name__}({', '.join(given)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, frozenset):
        return f"frozenset({{{', '.join(map(repr, sorted(value)))}}})" if value else "frozenset()"
    if isinstance(value, list | tuple):
        inner = ", ".join(written(each) for each in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    return repr(value)


def _of_field(record: Any, each: Field[Any]) -> str:
    return each.name.upper() if each.name in SHARED else written(getattr(record, each.name))


def _is_default(record: Any, each: Field[Any]) -> bool:
    value = getattr(record, each.name)
    made = each.default_factory() if each.default_factory is not MISSING else each.default
    return bool(value == made) and type(value) is type(made)


def module() -> str:
    found, seed = read()
    first = seed.issuers[0]
    assert all((each.users, each.clients) == (first.users, first.clients) for each in seed.issuers)
    return f'''"""The shipped seed as it is after all checks. Written by `make derived` out of seed.yaml: edit that."""

from devidp import records

FINGERPRINT = "{found}"
USERS = {written(first.users)}
CLIENTS = {written(first.clients)}
SEED = {written(seed)}
'''


if __name__ == "__main__":
    TARGET.write_text(module(), encoding="utf-8")
    subprocess.run([str(Path(sys.executable).with_name("ruff")), "format", "--quiet", str(TARGET)], check=True)
