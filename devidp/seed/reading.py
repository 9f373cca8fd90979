"""From a file, a text or a mapping to a seed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devidp.models import Seed
from devidp.seed import parse, text

UNNAMED = "<seed>"


def shipped_path() -> Path:
    """The seed that comes with devidp: in the package of a wheel, at the top of a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "seed.yaml"
    return packaged if packaged.is_file() else package.parent / "seed.yaml"


def load(path: Path) -> Seed:
    """The seed in the file at ``path``; raises SeedError with every mistake."""
    return parse.from_text(text.read(path), str(path), path.parent)


def loads(yaml_text: str, name: str = UNNAMED) -> Seed:
    """The seed in ``yaml_text``, which messages call ``name``; relative paths in it begin in the working directory."""
    text.check(yaml_text, name)
    return parse.from_text(yaml_text, name, Path())


def from_mapping(data: Mapping[str, Any]) -> Seed:
    """The seed that a mapping from Python or JSON describes, with the same keys as the YAML."""
    return parse.from_mapping(data, UNNAMED)
