"""The signals that end devidp, before the server takes them over."""

from __future__ import annotations

import signal
from types import FrameType


def leave_by_signal() -> None:
    """End the program cleanly on a signal before it serves: there may be files to remove."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        found = getattr(signal, name, None)  # not every system has all of them
        if found is not None and signal.getsignal(found) is not signal.SIG_IGN:
            signal.signal(found, _leave)


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(status_after(number))


def status_after(number: int) -> int:
    """The exit status when a signal was sent."""
    return 130 if number == signal.SIGINT else 0
