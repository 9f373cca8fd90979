"""What the steps of the Dockerfile have installed, run as an engine would run it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from tests.cli.conftest import Start
from tests.cli.running import Running
from tests.packaging.dockerfile import stages, value, variables

FINAL = stages()[-1]
RIGHT = "+dac_read_search"
"""To read what belongs to root, as the folders of a test do, and to write nothing more."""


class Container:
    """One without a home folder and without a name for its user, which can write to /data and /tmp alone."""

    def __init__(self, image: Path, start: Start) -> None:
        self._image, self._start = image, start
        self.data = image / "data"
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir()
        self.give(10001, 0, 0o770)

    def give(self, user: int, group: int, mode: int) -> None:
        """Mount a folder of somebody's at /data."""
        if os.getuid() == 0:
            os.chown(self.data, user, group)
        self.data.chmod(mode)

    def serve(self, user: str, **extra: str) -> Running:
        """What ``docker run --user`` does, but that it listens here alone."""
        arguments = *json.loads(value(FINAL, "CMD")), "--host", "127.0.0.1"
        return self._start(*arguments, command=self.command(user, **extra), **extra)

    def command(self, user: str, *arguments: str, **extra: str) -> tuple[str, ...]:
        """That of this machine; whoever is not root stays who they are."""
        environment = {**variables(FINAL, self._image), **extra}
        words = arguments or json.loads(value(FINAL, "ENTRYPOINT"))
        number, _, group = user.partition(":")
        capabilities = f"--inh-caps={RIGHT}", f"--ambient-caps={RIGHT}"
        as_user = "setpriv", f"--reuid={number}", f"--regid={group or 0}", "--clear-groups", *capabilities
        places = f"--chdir={self.data}", *(f"{name}={text}" for name, text in environment.items())
        return (*(as_user if os.getuid() == 0 else ()), "env", "-i", *places, *words)
