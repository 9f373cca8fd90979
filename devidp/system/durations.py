"""Durations as people write them: ``15m``, ``1h30m``, ``30d``. Whole seconds inside."""

from __future__ import annotations

import re

UNITS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}
"""Seconds of each unit, largest first."""

EXPECTED = "a number with a unit, such as 30s, 15m, 1h30m, 7d or 2w; a bare number is seconds"

_NUMBER = re.compile(r"[0-9]{1,12}")
_PARTS = re.compile(" ?".join(rf"(?:([0-9]{{1,12}}){unit})?" for unit in UNITS))
_WORDS = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}


def parse(text: str | int) -> int:
    """Seconds of a duration; raises ValueError that says what is expected."""
    written = str(text).strip()
    if _NUMBER.fullmatch(written):
        return int(written)
    found = _PARTS.fullmatch(written)
    if not written or found is None:
        raise ValueError(f"{written[:40]!r} is not a duration; expected {EXPECTED}{_near(written)}")
    return sum(int(number) * unit for number, unit in zip(found.groups(), UNITS.values(), strict=True) if number)


def _near(written: str) -> str:
    """What was meant by ``15 min``, ``15M`` or ``2 hours``."""
    found = re.fullmatch(r"([0-9]{1,12}) ?([a-z])[a-z]*", written.lower())
    if found is None or found[2] not in UNITS or written.lower().endswith(("ms", "mo", "month", "months")):
        return ""
    return f"; did you mean {found[1]}{found[2]}?"


def words(seconds: int) -> str:
    """A duration in words: ``15 minutes``, ``1 hour 30 minutes``, ``30 days``."""
    parts = []
    for name, unit in _WORDS.items():
        count, seconds = divmod(seconds, unit)
        if count:
            parts.append(f"{count} {name}" if count == 1 else f"{count} {name}s")
    return " ".join(parts) or "0 seconds"
