"""Time that passes at once for a whole process: devidp, its clients and the resource servers in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import time_machine


@contextmanager
def passing_time() -> Iterator[Callable[[float], None]]:
    """What lets seconds pass when it is called."""
    with time_machine.travel(time.time(), tick=True) as traveller:
        time.time()  # the clock stands still until somebody looks at it
        yield traveller.shift
