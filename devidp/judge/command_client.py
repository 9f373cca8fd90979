"""A client that is a command: a program of its own each time, in a home of its own, with a browser that logs in."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from devidp.judge.dialogue import Dialogue
from devidp.judge.turn import End, Turn
from devidp.system.clock import pause, stopwatch

LOOK_SECONDS = 0.05
SECONDS_OF_DESPAIR = 1.0
"""For a program whose browser did not come back."""
CACHES = {"npm_config_cache": ".npm", "UV_CACHE_DIR": ".cache/uv", "PIP_CACHE_DIR": ".cache/pip"}
"""Downloads, which are kept: they say nothing about a login."""


class CommandClient:
    """``{url}`` in the command is what it is pointed at, ``{issuer}`` the issuer. Raises ValueError."""

    keeps_address = False

    def __init__(self, command: str) -> None:
        if sys.platform == "win32":
            raise ValueError(
                "on Windows the browser that a command opens cannot be taken over. Leave the command out, and point "
                "the client at the address that `devidp judge` prints"
            )
        self._words = shlex.split(command)
        if not self._words:
            raise ValueError("got an empty command, expected one such as 'npx mcp-remote {url}'")
        if shutil.which(self._words[0]) is None:
            raise ValueError(f"got the command {self._words[0]!r}, expected a program that is there")
        if not any("{url}" in each or "{issuer}" in each for each in self._words):
            raise ValueError(f"got {command!r}, expected a command with {{url}} in it, where the address is to stand")
        self.name = command

    def attempt(self, turn: Turn) -> End:
        with TemporaryDirectory(prefix="devidp-judge-") as folder:
            home = Path(folder)
            words = [each.replace("{url}", turn.url).replace("{issuer}", turn.issuer) for each in self._words]
            process = subprocess.Popen(  # noqa: S603 - the command that was given
                words,
                env=_environment(home, turn.browser.variables),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                start_new_session=True,
            )
            try:
                return _watch(process, Dialogue(process), turn)
            finally:
                _kill(process)


def _watch(process: subprocess.Popen[bytes], dialogue: Dialogue, turn: Turn) -> End:
    ends_at, given_up_at = stopwatch() + turn.seconds, None
    while True:
        status, now = process.poll(), stopwatch()
        if status is not None:
            dialogue.wait()
            return End("" if status == 0 else f"exit status {status}{dialogue.last_words}", output=dialogue.output)
        if dialogue.finished:
            return End(dialogue.error, output=dialogue.output)
        if turn.browser.problem and given_up_at is None:
            given_up_at = now + SECONDS_OF_DESPAIR
        if given_up_at is not None and turn.browser.problem and now > given_up_at:
            return End("the browser did not come back to it", output=dialogue.output)
        if now > ends_at:
            return End(timed_out=True, output=dialogue.output)
        pause(LOOK_SECONDS)


def _environment(home: Path, browser: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: os.environ.get(name, str(Path.home() / place))
        for name, place in CACHES.items()
        if name in os.environ or (Path.home() / place).exists()
    }
    return {
        **os.environ,
        **kept,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "MCP_REMOTE_CONFIG_DIR": str(home / ".mcp-auth"),
        **browser,
    }


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The program and all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
