"""The seed: the YAML that says who can log in, which clients exist, and what they may ask for.

Owns the format: its keys, their checks, and the words for every mistake; docs/seed.md is its reference.
Does not own what becomes of a seed: it ends in the frozen records.
"""

from devidp.seed.problems import Problem, SeedError
from devidp.seed.reading import from_layers, from_mapping, load, loads, shipped_path
from devidp.seed.watch import SeedFiles

__all__ = ["Problem", "SeedError", "SeedFiles", "from_layers", "from_mapping", "load", "loads", "shipped_path"]
