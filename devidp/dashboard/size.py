"""How much of a page a text takes: characters that are escaped or spelled out take several."""

from __future__ import annotations

from typing import Final

from markupsafe import escape

from devidp.web.pages.text import visible

LONGEST: Final = 6_000
"""Bytes of a token or a line that a page shows."""


def size(text: str) -> int:
    """Bytes of HTML."""
    return len(str(escape(visible(text))).encode("utf-8", "replace"))


def fits(text: str, limit: int = LONGEST) -> bool:
    """Whether a page shows ``text`` as a whole."""
    return len(text) <= limit and size(text) <= limit
