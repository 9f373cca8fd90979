"""What a reader of a page has in the end: the files that its blocks name, and the environment that it installs."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from tests.cli.running import Running, environment
from tests.packaging.pins import CONSTRAINTS
from tests.real_clients.program import ROOT

BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```")
FILE = re.compile(r"(?:#|//|<!--) ([\w./\[\]-]+\.\w+)(?: -->)?\n")
WITHIN = 540
"""Seconds until what is installed, built or run counts as broken; on a new machine it is downloaded first."""
CLONE = "path/to/devidp"
DEVIDP = "http://localhost:6749"


class Page:
    """A page of docs/, by its name."""

    def __init__(self, name: str) -> None:
        self.text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        self._blocks = BLOCK.findall(self.text)

    @property
    def files(self) -> dict[str, str]:
        """The blocks whose first line is a comment that names a file."""
        named = ((FILE.match(code), code) for _, code in self._blocks)
        return {matched[1]: code[matched.end() :] for matched, code in named if matched}

    @property
    def commands(self) -> list[str]:
        """The lines for a shell."""
        return [line for language, code in self._blocks if language == "sh" for line in code.splitlines()]

    def block(self, word: str) -> str:
        """The first block that has ``word``."""
        found: str = next(code for _, code in self._blocks if word in code)
        return found

    def command(self, word: str) -> str:
        """The first line for a shell that has ``word``."""
        return next(line for line in self.commands if word in line)

    def write(self, folder: Path, replaced: Mapping[str, str] | None = None) -> None:
        """The files, with other addresses in them: ``{"http://localhost:6749": …}``."""
        for name, code in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(placed(code, replaced or {}))

    def install(self, folder: Path) -> None:
        """The environment ``.venv`` with what the page says to install, in the pinned versions."""
        words = shlex.split(self.command("pip install"))
        packages = [word.replace(CLONE, str(ROOT)) for word in words[words.index("install") + 1 :]]
        for arguments in (
            ("venv", "--quiet", "--python", sys.executable, folder / ".venv"),
            ("pip", "install", "--quiet", "--python", folder / ".venv", *pinned_by(), *packages),
        ):
            subprocess.run([Path(sys.executable).with_name("uv"), *arguments], cwd=folder, check=True, timeout=WITHIN)


@contextmanager
def serving(folder: Path, command: Callable[[int], str], **variables: str) -> Iterator[str]:
    """The base URL of the program that a command starts on a port; it answers."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    url = f"http://localhost:{port}"
    given = {name: value.replace("{url}", url) for name, value in variables.items()}
    running = Running(folder, command=tuple(shlex.split(command(port))), **given)
    try:
        while not _answers(url):
            try:
                running.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"{command(port)} ended: {running.errors()}")
        yield url
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.process.pid, signal.SIGKILL)  # with the servers that it has started
        running.kill()


def _answers(url: str) -> bool:
    try:
        httpx.get(url, timeout=WITHIN)
    except httpx.ConnectError:
        return False
    return True


def pytest_in(folder: Path, *plugins: str) -> str:
    """The output of pytest in ``folder``, with the environment of this run."""
    chosen = [word for plugin in ("devidp.pytest_plugin", *plugins) for word in ("-p", plugin)]
    command = [sys.executable, "-m", "pytest", "-q", "-rf", "--tb=line", "-p", "no:cacheprovider", *chosen]
    given = {**environment(folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=WITHIN).stdout


def linked(folder: Path, name: str, page: Page) -> None:
    """The packages that ``page`` tells to install, from the lock in the folder ``name`` beside this file."""
    installed = Path(__file__).parent / name
    wanted = [re.sub(r"(?<=.)@.*", "", word) for word in page.command("npm install").split()[2:]]
    assert set(wanted) <= set(json.loads((installed / "package.json").read_text())["dependencies"])
    assert (installed / "node_modules").is_dir(), "run `make test-setup`"
    (folder / "node_modules").symlink_to(installed / "node_modules")


def ran(folder: Path, command: str, **variables: str) -> str:
    """What a command for a shell prints."""
    given = environment(folder, variables)
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=given, capture_output=True, text=True, timeout=WITHIN)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def placed(code: str, replaced: Mapping[str, str]) -> str:
    for old, new in replaced.items():
        code = code.replace(old, new)
    return code


def pinned_by() -> tuple[str | Path, ...]:
    return "--constraint", CONSTRAINTS, "--build-constraint", CONSTRAINTS
