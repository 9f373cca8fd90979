"""Where nobody may wait for another server: in the one thread that answers everybody."""

from __future__ import annotations

import threading

_here = threading.local()


class WouldWait(BaseException):
    """Another server has to be asked, and this thread may not wait: begin anew in one that may.

    No Exception, so that nobody on the way takes it for a refusal.
    """


def forbid() -> None:
    """From now on, this thread answers everybody: what would make it wait raises WouldWait."""
    _here.forbidden = True


def begin() -> None:
    """Called before each wait for another server; raises WouldWait."""
    if getattr(_here, "forbidden", False):
        raise WouldWait
