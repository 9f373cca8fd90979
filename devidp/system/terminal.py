"""What can be shown where something is printed: colours, and letters."""

from __future__ import annotations

import codecs
import os
import sys

RED = "\x1b[31m{}\x1b[0m"
ESCAPED = "devidp.escaped"
r"""How to encode what an encoding lacks: ``\u0142``, as in JSON, and three dots for the one letter that is ours."""
ELLIPSIS = "\u2026"


def colors_asked_for() -> bool | None:
    """What NO_COLOR and FORCE_COLOR say (https://no-color.org, https://force-color.org); ``None``: nothing."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def has_colors(descriptor: int) -> bool:
    """Whether what is written there may have colours: as asked for, or where it is a terminal."""
    asked = colors_asked_for()
    return os.isatty(descriptor) if asked is None else asked


def stderr_encoding() -> str:
    """That of what is written to descriptor 2 past Python's own stream."""
    # a console of Windows takes such bytes by its code page; Python's stream gives it UTF-16
    page = os.device_encoding(2) if sys.platform == "win32" else None
    return page or getattr(sys.stderr, "encoding", None) or "utf-8"


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_escaped, error.object[error.start : error.end])), error.end


def _escaped(letter: str) -> str:
    if letter == ELLIPSIS:
        return "..."
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(rf"\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


codecs.register_error(ESCAPED, _escape)
