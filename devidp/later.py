"""Modules that are loaded when they are first used: what most runs never need costs none of them a start.

At the top of a file, where a type checker, a reader and the test of the layers see the same import as ever::

    if TYPE_CHECKING:
        from devidp import faults
    else:
        faults = later("devidp.faults")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module. The first attribute loads it, and each is kept: using it costs what a module does."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self._module), name)
        setattr(self, name, found)
        return found


def later(module: str) -> Any:
    """What stands for ``module`` until it is used."""
    return Later(module)
