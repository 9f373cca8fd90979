"""Files that are files: no pipe is waited for, and what is written takes the place of the old as a whole."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_KINDS = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


def open_regular(path: Path, flags: int = os.O_RDONLY) -> int:
    """A descriptor of the file at ``path``, as ``os.open``; raises OSError with what is there instead of a file.

    A pipe would hold up who opens it, and a device may never end.
    """
    try:
        # Windows has no O_NONBLOCK, and without O_BINARY it would change the ends of lines
        descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as error:
        raise _explained(path, error) from None
    found = os.fstat(descriptor).st_mode
    if stat.S_ISREG(found):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(found):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    raise _no_file(found)


def expect_regular(path: Path) -> None:
    """Raises OSError where something other than a file is at ``path``, or nothing."""
    os.close(open_regular(path))


def expect_writable(path: Path) -> None:
    """Raises OSError where ``replaced`` could not put a file there; nothing is changed."""
    if path.exists():
        os.close(open_regular(path, os.O_WRONLY))
    draft = _draft(path)
    if not draft.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, f"there is no folder {path.parent}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    draft.unlink()


def expect_appendable(path: Path) -> None:
    """Raises OSError where nothing could be appended to a file there; nothing is changed."""
    if path.exists():
        os.close(open_regular(path, os.O_WRONLY | os.O_APPEND))
    else:
        expect_writable(path)


@contextmanager
def replaced(path: Path, mode: int | None = None, *, anew: bool = False) -> Iterator[TextIO]:
    """A file that takes the place of ``path`` at the end: a reader sees the old or the new whole, even after a crash.

    ``mode`` of ``None``: that of the file there, or as the umask says. Raises OSError, FileExistsError where a file
    is there and it was to be made ``anew``; then, and where anything else fails, nothing has changed.
    """
    draft = _draft(path)
    try:
        with os.fdopen(_open_draft(draft, path, mode), "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if anew:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        draft.replace(os.path.realpath(path))
    finally:
        draft.unlink(missing_ok=True)


def _draft(path: Path) -> Path:
    """Beside the file, where a link leads to one beside that."""
    return Path(os.path.realpath(path)).with_name(f".devidp-{secrets.token_hex(8)}")


def _open_draft(draft: Path, path: Path, mode: int | None) -> int:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else 0o600)
    if mode is None and path.exists():
        mode = stat.S_IMODE(path.stat().st_mode)
    if mode is not None:
        draft.chmod(mode)
    return descriptor


def _explained(path: Path, error: OSError) -> OSError:
    if isinstance(error, FileNotFoundError) and path.is_symlink():
        return FileNotFoundError(error.errno, dangling(path))
    # a pipe that nobody reads, or a socket, whose number macOS has otherwise
    if error.errno in (errno.ENXIO, errno.EOPNOTSUPP):
        return _no_file(path.stat().st_mode)
    return error


def dangling(path: Path) -> str:
    """What to say of a link to nothing."""
    return f"this is a link to {path.readlink()}, which does not exist"


def _no_file(mode: int) -> OSError:
    found = _KINDS.get(stat.S_IFMT(mode), "something else")
    return OSError(errno.EINVAL, f"this is {found}, expected a file: save what it holds in one")
