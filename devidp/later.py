"""Modules that are loaded when they are first used: what most runs never need costs none of them a start.

At the top of a file, where a type checker, a reader and the test of the layers see the same import as ever::

    if TYPE_CHECKING:
        from devidp import faults
    else:
        faults = later("devidp.faults")
"""

from __future__ import annotations

import gc
import threading
from importlib import import_module
from typing import Any

_ONE_AT_A_TIME = threading.RLock()
"""Two threads that load modules which import each other could see half of one."""


class Later:
    """Stands for a module. The first attribute loads it, and each is kept: using it costs what a module does."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        found = getattr(loaded(self._module), name)
        setattr(self, name, found)
        return found


def later(module: str) -> Any:
    """What stands for ``module`` until it is used."""
    return Later(module)


def loaded(module: str) -> Any:
    """The module of this name, without pauses for the garbage collector, which finds nothing in what is just made."""
    with _ONE_AT_A_TIME:
        collecting = gc.isenabled()
        gc.disable()
        try:
            return import_module(module)
        finally:
            if collecting:
                gc.enable()
