"""Foreign text made harmless to read: nothing invisible, nothing that reorders, nothing endless."""

from __future__ import annotations

import unicodedata

_DECEPTIVE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories without a glyph: controls, format characters (bidi, zero width), surrogates, separators."""

_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols that look like a space."""

_JOINERS = frozenset("\u200c\u200d")


def visible(text: str) -> str:
    """``text`` with each invisible or reordering character spelled out as ``[U+202E]``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char, before) for before, char in zip(" " + text, text, strict=False))


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters of ``text``, and how many there were."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def _shown(char: str, before: str) -> str:
    if char in "\n\t":
        return char
    # emoji and several scripts are written with joiners; after an ASCII letter one only disguises a name
    if char in _JOINERS and not before.isascii():
        return char
    if char in _FILLERS or unicodedata.category(char) in _DECEPTIVE:
        return f"[U+{ord(char):04X}]"
    return char
