"""Where nobody may wait for another server: in the one thread that answers everybody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_here = threading.local()


class WouldWait(BaseException):
    """Another server has to be asked, and this thread may not wait: begin anew in one that may.

    No Exception, so that nobody on the way takes it for a refusal.
    """


@contextmanager
def forbidden() -> Iterator[None]:
    """Raise WouldWait where this thread would wait inside the block."""
    _here.forbidden = True
    try:
        yield
    finally:
        _here.forbidden = False


def begin() -> None:
    """Called before each wait for another server; raises WouldWait."""
    if getattr(_here, "forbidden", False):
        raise WouldWait
