"""The seed: the YAML that says who can log in, which clients exist, and what they may ask for.

Owns the format: its keys, their checks, and the words for every mistake; docs/seed.md is its reference.
Does not own what becomes of a seed: it ends in the frozen records.
"""

from __future__ import annotations

from pathlib import Path

from devidp.seed.parse import from_mapping, load, loads
from devidp.seed.problems import Problem, SeedError
from devidp.seed.schema import json_schema
from devidp.seed.watch import SeedFile

__all__ = ["Problem", "SeedError", "SeedFile", "from_mapping", "json_schema", "load", "loads", "shipped_path"]


def shipped_path() -> Path:
    """The seed that comes with devidp: in the package of a wheel, at the top of a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "seed.yaml"
    return packaged if packaged.is_file() else package.parent / "seed.yaml"
