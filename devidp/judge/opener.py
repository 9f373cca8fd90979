"""Programs that are found where others look for a browser, and that bring the address here."""

from __future__ import annotations

import os
import shlex
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

LOOK_SECONDS = 0.05
NAMES = ("xdg-open", "open", "sensible-browser", "x-www-browser", "www-browser")
"""What is run to open a browser; the variable BROWSER names the first."""


class Opener:
    """Open in a ``with``; ``told`` is called with each address, in a thread of this one."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._folder = TemporaryDirectory(prefix="devidp-judge-")
        self._notes = Path(self._folder.name) / "opened"
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="devidp-judge-opener", daemon=True)

    def __enter__(self) -> Self:
        self._notes.touch()
        for name in NAMES:
            program = Path(self._folder.name) / name
            # one write of a short line is not torn by another
            program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >> {shlex.quote(str(self._notes))}\n")
            program.chmod(0o700)
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()
        self._folder.cleanup()

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of a program whose browser is to be this one."""
        folder = self._folder.name
        return {
            "BROWSER": str(Path(folder) / NAMES[0]),
            "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        }

    def _watch(self) -> None:
        with self._notes.open(encoding="utf-8", errors="replace") as notes:
            unfinished = ""
            while not self._ended.wait(LOOK_SECONDS):
                *lines, unfinished = (unfinished + notes.read()).split("\n")
                for address in lines:
                    self._told(address)
