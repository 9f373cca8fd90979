"""What goes wrong where it is not known yet which error a client gets for it."""

from __future__ import annotations


class Problem(Exception):
    """``reason`` says what came and what was expected, ``remedy`` what to change, where there is something."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
