"""What people call a browser or program, out of its User-Agent."""

from __future__ import annotations

from typing import Final

_NAMES: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("HeadlessChrome/", "Chrome, headless"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""In this order: most of them claim to be those behind them, too."""


def browser_name(user_agent: str) -> str:
    """``Firefox``, or the first word of what is no browser; empty where nothing was sent."""
    known = next((name for mark, name in _NAMES if mark in user_agent), None)
    return known or user_agent.partition(" ")[0].partition("/")[0]
