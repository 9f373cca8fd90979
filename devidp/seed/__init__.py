"""The seed: the YAML that says who can log in, which clients exist, and what they may ask for.

Owns the format: its keys, their checks, and the words for every mistake; docs/seed.md is its reference.
Does not own what becomes of a seed: it ends in the frozen records.
"""

from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from devidp.seed.problems import Problem, SeedError
from devidp.seed.profile import shipped_path
from devidp.seed.watch import SeedFiles

if TYPE_CHECKING:
    from devidp.seed.reading import from_layers, from_mapping, load, loads

__all__ = ["Problem", "SeedError", "SeedFiles", "from_layers", "from_mapping", "load", "loads", "shipped_path"]


def __getattr__(name: str) -> Any:
    """What reads a seed is imported at its first use: pydantic and its models are a fifth of a server's memory."""
    if name in __all__:
        return resolve_name(f"devidp.seed.reading:{name}")
    raise AttributeError(f"module 'devidp.seed' has no attribute {name!r}; it has: {', '.join(__all__)}")
