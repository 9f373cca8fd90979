"""Whether what is printed may have colours."""

from __future__ import annotations

import os

RED = "\x1b[31m{}\x1b[0m"


def colors_asked_for() -> bool | None:
    """What NO_COLOR and FORCE_COLOR say (https://no-color.org, https://force-color.org); ``None``: nothing."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def has_colors(descriptor: int) -> bool:
    """Whether what is written there may have colours: as asked for, or where it is a terminal."""
    asked = colors_asked_for()
    return os.isatty(descriptor) if asked is None else asked
