"""Private files of the data folder: only their owner may read them, and they are replaced as a whole."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from pathlib import Path

SECRET_BYTES = 32


class PrivateFileError(Exception):
    """A private file or folder cannot be used; the message says what to do."""


def private_folder(path: Path) -> Path:
    """``path``, created with mode 0700 where it is missing."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PrivateFileError(
            f"The data folder {path} cannot be created: {error.strerror}. "
            "Give another one with --data, or keep everything in memory with --memory"
        ) from error
    return path


def private_file(path: Path) -> Path:
    """``path``, created empty with mode 0600 where it is missing."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise unwritable(path, error) from error
    return path


def read_private(path: Path) -> str | None:
    """The text of ``path``, or ``None`` where there is none; raises PrivateFileError where others may read it."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077 and sys.platform != "win32":
                raise PrivateFileError(
                    f"{path} holds a secret and has mode {mode:04o}: others may read it. Run: chmod 600 {path}"
                )
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PrivateFileError(f"{path} cannot be read: {error.strerror}") from error


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` with mode 0600: a reader sees the old or the new whole, also after a power cut."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def private_secret(path: Path) -> bytes:
    """The random bytes kept in ``path``, made at the first call; raises PrivateFileError where they are damaged.

    Of two processes only one may do this at a time.
    """
    text = read_private(path)
    if text is None:
        text = secrets.token_hex(SECRET_BYTES)
        write_private(path, text)
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
