"""From a file, a text or a mapping to a seed. The shipped one is known: it was read when devidp was made."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devidp.later import later
from devidp.models import Seed
from devidp.seed import text

if TYPE_CHECKING:
    from devidp.seed import parse, shipped
else:
    # pydantic, PyYAML and the models: a third of the start of a devidp that has a seed of its own
    parse, shipped = later("devidp.seed.parse"), later("devidp.seed.shipped")

UNNAMED = "<seed>"


def shipped_path() -> Path:
    """The seed that comes with devidp: in the package of a wheel, at the top of a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "seed.yaml"
    return packaged if packaged.is_file() else package.parent / "seed.yaml"


def load(path: Path) -> Seed:
    """The seed in the file at ``path``; raises SeedError with every mistake."""
    return from_text(text.read(path), str(path), path.parent)


def loads(yaml_text: str, name: str = UNNAMED) -> Seed:
    """The seed in ``yaml_text``, which messages call ``name``; relative paths in it begin in the working directory."""
    text.check(yaml_text, name)
    return from_text(yaml_text, name, Path())


def from_mapping(data: Mapping[str, Any]) -> Seed:
    """The seed that a mapping from Python or JSON describes, with the same keys as the YAML."""
    return parse.from_mapping(data, UNNAMED)


def from_text(yaml_text: str, name: str, folder: Path) -> Seed:
    """The seed in ``yaml_text``; relative paths in it begin in ``folder``."""
    if fingerprint(yaml_text) == shipped.FINGERPRINT:
        return shipped.SEED
    return parse.from_text(yaml_text, name, folder)


def fingerprint(yaml_text: str) -> str:
    """Tells the shipped text from one that was edited."""
    return sha256(yaml_text.encode()).hexdigest()
