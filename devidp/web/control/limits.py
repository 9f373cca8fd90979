"""How much of a long list is wanted."""

from __future__ import annotations

from devidp.web.control.errors import ControlError

LIMIT = 100
"""How many are listed where nobody says how many."""
MAX_LIMIT = 1_000
MAX_OFFSET = 1_000_000


def end_of(limit: int, offset: int) -> int:
    """Where a page of ``limit`` ends that begins after ``offset``; raises ControlError."""
    for name, value, least, most in (("limit", limit, 1, MAX_LIMIT), ("offset", offset, 0, MAX_OFFSET)):
        if type(value) is not int or not least <= value <= most:
            raise ControlError(f"{name}: got {value!r}, expected a whole number from {least} to {most}")
    return offset + limit
