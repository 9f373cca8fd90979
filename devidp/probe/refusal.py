"""What is asked of a probe cannot be done."""

from __future__ import annotations


class Refused(ValueError):
    """Nothing was sent; the message says what came, what was expected, and what to change."""
