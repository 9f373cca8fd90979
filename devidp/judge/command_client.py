"""A client that is a command: a program of its own each time, in a home of its own, with a browser that logs in."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from devidp.judge.dialogue import Dialogue
from devidp.judge.turn import End, Turn
from devidp.system.clock import pause, stopwatch

LOOK_SECONDS = 0.05
SECONDS_TO_LEAVE = 2.0
"""For a program whose standard input has ended."""
SECONDS_OF_DESPAIR = 1.0
"""For a program whose browser did not come back."""
OPENERS = ("xdg-open", "open", "sensible-browser", "x-www-browser", "www-browser")
"""Programs that open a browser; BROWSER names the first."""
CACHES = {"npm_config_cache": ".npm", "UV_CACHE_DIR": ".cache/uv", "PIP_CACHE_DIR": ".cache/pip"}
"""Downloads, which are kept: they say nothing about a login."""


class CommandClient:
    """``{url}`` in the command is what it is pointed at, ``{issuer}`` the issuer. Raises ValueError."""

    keeps_address = False

    def __init__(self, command: str) -> None:
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
            opened = _put_browser(home)
            words = [each.replace("{url}", turn.url).replace("{issuer}", turn.issuer) for each in self._words]
            process = subprocess.Popen(  # noqa: S603 - the command that was given
                words,
                env=_environment(home),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                return _watch(process, Dialogue(process), turn, opened)
            finally:
                _kill(process)


def _watch(process: subprocess.Popen[bytes], dialogue: Dialogue, turn: Turn, opened: Path) -> End:
    ends_at, given_up_at, visited = stopwatch() + turn.seconds, None, 0
    while True:
        addresses = opened.read_text(encoding="utf-8").splitlines() if opened.exists() else []
        for address in addresses[visited:]:
            turn.browser.open(address)
        visited = len(addresses)
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


def _put_browser(home: Path) -> Path:
    """Programs that note what they should open in the file that is returned."""
    opened, folder = home / "opened", home / "bin"
    folder.mkdir()
    for name in OPENERS:
        program = folder / name
        program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >> {shlex.quote(str(opened))}\n", encoding="utf-8")
        program.chmod(0o700)
    return opened


def _environment(home: Path) -> dict[str, str]:
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
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "BROWSER": str(home / "bin" / OPENERS[0]),
    }


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The program and all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
