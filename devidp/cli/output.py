"""Output as the terminal or the pipe takes it: its encoding, and what to do where it takes nothing."""

from __future__ import annotations

import errno
import io
import os
import sys

from devidp.system.terminal import ESCAPED

UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def escape_what_cannot_be_encoded() -> None:
    r"""Write ``\u0142`` where stdout or stderr have no such letter, as in JSON, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ESCAPED)


def is_lost(error: OSError) -> bool:
    """Whether stdout or stderr cannot be written; an error of a file has its name, one of a socket another number."""
    if sys.platform == "win32" and error.errno == errno.EINVAL:  # a pipe whose reader has left
        return error.filename is None
    return error.filename is None and error.errno in UNWRITABLE


def discard() -> None:
    """Forget what waits to be written: the interpreter would try once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())
