"""What is begun elsewhere can be undone only when it is known: Ctrl-C waits that long."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Signals that would end the program come at the end of this; for what takes no time worth mentioning."""
    # Python handles signals in the main thread alone
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    came: list[int] = []
    before = {each: signal.signal(each, lambda number, _: came.append(number)) for each in filter(_ends, numbers)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        for each in came[:1]:
            signal.raise_signal(each)


def _ends(number: int) -> bool:
    """Whether it is not ignored, and its handler is one that can be put back."""
    return signal.getsignal(number) not in (signal.SIG_IGN, None)
