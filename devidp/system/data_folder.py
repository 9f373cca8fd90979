"""The data folder: who may use it. One devidp serves a folder; its workers share it.

The locks are the system's: whatever ends a process, none of them stays behind.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from devidp.system.files import PrivateFileError, private_file, private_folder, read_private, unwritable, write_private

if TYPE_CHECKING:
    from filelock import BaseFileLock

OPENING_SECONDS = 60
"""How long the processes of one devidp wait for each other."""
ENDING_SECONDS = 10
"""How long the workers of a devidp that was killed may take to end."""


@contextmanager
def exclusive(folder: Path, *, group: bool = False) -> Iterator[None]:
    """Be the only process that opens ``folder``, which is made where it is missing; raises PrivateFileError."""
    path = private_file(private_folder(folder, group=group) / "lock", group=group)
    lock = _acquire(path, OPENING_SECONDS)
    if lock is None:
        raise PrivateFileError(f"{path} is held by another devidp that does not go on. End it, and start again")
    try:
        yield
    finally:
        lock.release()


@contextmanager
def owner(folder: Path, url: str, *, group: bool = False) -> Iterator[None]:
    """Be the one devidp that serves ``folder``, at ``url``; raises PrivateFileError, which names the one that does."""
    path = private_file(private_folder(folder, group=group) / "owner.lock", group=group)
    note = folder / "owner.json"
    lock = _acquire(path, 0) or _acquire(path, 0 if _is_running(_read(note, group)[1]) else ENDING_SECONDS)
    if lock is None:
        at, process = _read(note, group)
        raise PrivateFileError(
            f"The data folder {folder} is in use by the devidp at {at} (process {process}). Stop that one, or give "
            "this one a folder of its own: --data DIR (DEVIDP_DATA). With --memory (DEVIDP_MEMORY) it needs none"
        )
    try:
        write_private(note, json.dumps({"url": url, "pid": os.getpid()}), group=group)
        yield
    finally:
        lock.release()


def _acquire(path: Path, seconds: float) -> BaseFileLock | None:
    """The lock, or ``None`` where another process keeps it for longer than that; raises PrivateFileError."""
    # imported here: it loads asyncio, and who keeps everything in memory locks nothing
    from filelock import FileLock, Timeout  # noqa: PLC0415

    lock = FileLock(path, timeout=seconds)
    try:
        lock.acquire()
    except Timeout:
        return None
    except OSError as error:
        raise unwritable(path, error) from error
    return lock


def _read(note: Path, group: bool) -> tuple[str, int]:
    """The URL and the process of the owner that wrote last; process 0 where none has, or it is writing."""
    try:
        found = json.loads(read_private(note, group=group) or "{}")
        return str(found["url"]), int(found["pid"])
    except (ValueError, KeyError, TypeError):
        return "an unknown URL", 0


def _is_running(process: int) -> bool:
    if process <= 0 or sys.platform == "win32":  # there os.kill ends a process, whatever the signal
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
