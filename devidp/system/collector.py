"""Python's garbage collector, while much is imported."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """While much is imported: to look through what never becomes garbage, again and again, is a tenth of a start."""
    if not gc.isenabled() or gc.get_freeze_count():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        # all that there is counts as old from now on, and is looked at as seldom as that
        gc.freeze()
        gc.unfreeze()
        gc.enable()
