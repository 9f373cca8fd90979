"""Output in whatever encoding the terminal or the pipe has."""

from __future__ import annotations

import codecs
import io
import sys

ESCAPED = "devidp.escaped"


def escape_what_cannot_be_encoded() -> None:
    r"""Write ``\u0142`` where stdout or stderr have no such letter, as in JSON, instead of failing."""
    codecs.register_error(ESCAPED, _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ESCAPED)


def _escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    return "".join(rf"\u{pair}" for pair in pairs), error.end
