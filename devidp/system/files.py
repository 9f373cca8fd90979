"""Private files of the data folder: only their owner may use them, and they are replaced as a whole.

``group`` everywhere: the group of the folder may use them too.
"""

from __future__ import annotations

import os
import secrets
import shlex
import stat
import sys
from pathlib import Path

from devidp.system.regular_files import dangling, open_regular, replaced

SECRET_BYTES = 32
NO_GROUP = "on Windows files have no group. Give others access to the folder itself."


class PrivateFileError(Exception):
    """A private file or folder cannot be used; the message says what to do."""


def private_folder(path: Path, *, group: bool = False) -> Path:
    """``path``, made with mode 0700 where it is missing; raises PrivateFileError where others may use it."""
    if group and sys.platform == "win32":
        raise PrivateFileError(f"The data folder {path}: {NO_GROUP}")
    try:
        path.mkdir(mode=0o700, parents=True)
        if group:
            path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o070)
    except FileExistsError:
        if not path.is_dir():
            raise _unmakeable(path, dangling(path) if path.is_symlink() else "this is a file") from None
    except OSError as error:
        raise _unmakeable(path, error.strerror or "") from error
    _refuse_others(path, path.stat(), group)
    return path


def _unmakeable(path: Path, why: str) -> PrivateFileError:
    return PrivateFileError(
        f"The data folder {path} cannot be created: {why}. "
        "Give another one with --data, or keep everything in memory with --memory"
    )


def private_file(path: Path, *, group: bool = False) -> Path:
    """``path``, made empty with mode 0600 where it is missing; raises PrivateFileError where others may use it."""
    try:
        try:
            os.close(_make(path, group))
        except FileExistsError:
            descriptor = open_regular(path, os.O_RDWR | os.O_CREAT)
            found = os.fstat(descriptor)
            os.close(descriptor)
            _refuse_others(path, found, group)
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def read_private(path: Path, *, group: bool = False) -> str | None:
    """The text of ``path``, or ``None`` where there is none; raises PrivateFileError where others may use it."""
    try:
        with os.fdopen(open_regular(path), encoding="utf-8") as file:
            _refuse_others(path, os.fstat(file.fileno()), group)
            return file.read()
    except FileNotFoundError as error:
        if not path.is_symlink():
            return None
        raise PrivateFileError(f"{path} cannot be read: {error.strerror}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise PrivateFileError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def write_private(path: Path, text: str, *, group: bool = False) -> None:
    """Replace ``path`` by ``text`` with mode 0600: a reader sees the old or the new whole, also after a power cut."""
    try:
        with replaced(path, 0o660 if group else 0o600) as file:
            file.write(text)
    except OSError as error:
        raise unwritable(path, error) from error


def _make(path: Path, group: bool) -> int:
    """A descriptor of a new file; raises FileExistsError, and OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    if group:
        os.fchmod(descriptor, 0o660)
    return descriptor


def _refuse_others(path: Path, found: os.stat_result, group: bool) -> None:
    """Raise PrivateFileError where more than the owner, or the owner and the group, may use ``path``."""
    mode, kept = stat.S_IMODE(found.st_mode), 0o770 if group else 0o700
    beyond = mode & 0o777 & ~kept
    if not beyond or sys.platform == "win32":
        return
    verbs = " and ".join(verb for verb, bits in (("read", 0o055), ("write", 0o022)) if beyond & bits)
    right = kept if stat.S_ISDIR(found.st_mode) else kept & 0o666
    of_group = "" if beyond & 0o007 else ". To share it with its group, start devidp with --data-group"
    raise PrivateFileError(
        f"{path} is private and has mode {mode:04o}: others may {verbs} it. "
        f"Run: chmod {right:o} {shlex.quote(str(path))}{of_group}"
    )


def private_secret(path: Path, *, group: bool = False) -> bytes:
    """The random bytes kept in ``path``, made at the first call; raises PrivateFileError where they are damaged.

    Of two processes only one may do this at a time.
    """
    text = read_private(path, group=group)
    if text is None:
        text = secrets.token_hex(SECRET_BYTES)
        write_private(path, text, group=group)
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) < SECRET_BYTES:
        raise PrivateFileError(
            f"{path} is damaged. Put the old one back, or delete it together with devidp.db to start anew: "
            "the private keys in there can be read with it alone"
        )
    return secret


def unwritable(path: Path, error: OSError) -> PrivateFileError:
    """What to say where ``path`` cannot be written."""
    return PrivateFileError(
        f"{path} cannot be written: {error.strerror}. "
        "Check the disk and the folder's rights, use another --data folder, or keep everything in memory with --memory"
    )
