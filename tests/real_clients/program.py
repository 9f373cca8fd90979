"""A program of another environment, as a test sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PMCP = "tests/vendors/pmcp/target/debug/devidp-pmcp"
BROWSER = f"'{sys.executable}' -m tests.real_clients.browser %s &"
"""For the environment variable of this name: the scripted person, where a program opens a browser itself."""


class Program:
    """Does what it is asked, and may in between ask for a person at a browser."""

    def __init__(self, process: subprocess.Popen[str], person: Callable[[str], str]) -> None:
        self._process = process
        self._person = person

    def ask(self, **command: Any) -> dict[str, Any]:
        answer = self._exchange(command)
        while "open" in answer:
            answer = self._exchange({"address": self._person(answer["open"])})
        return answer

    def _exchange(self, command: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the program has ended; its standard error says why"
        answer: dict[str, Any] = json.loads(line)
        return answer


def nobody(address: str) -> str:
    raise AssertionError(f"the program wants {address} opened, and nobody is at a browser")


def python_of(environment: str) -> Path:
    """Its interpreter; ``make test-setup`` makes it."""
    python = ROOT / environment / "bin" / "python"
    assert python.exists(), f"{python} is missing: run `make test-setup`"
    return python


def built(path: str, compiler: str) -> Path:
    """A program that ``make test-setup`` builds where its compiler is installed."""
    binary = ROOT / path
    if not binary.exists():
        missing = f"{path} is not built: install {compiler}, and run `make test-setup`"
        assert not os.environ.get("CI"), missing
        pytest.skip(missing)
    return binary


def node_program(folder: str) -> list[str | Path]:
    """The command of the Node program in ``folder``, whose packages ``make test-setup`` installs."""
    path = ROOT / "tests" / "real_clients" / folder
    assert (path / "node_modules").exists(), f"{path}/node_modules is missing: run `make test-setup`"
    return ["node", path / "program.mjs"]


@contextmanager
def running(
    environment: str, module: str, person: Callable[[str], str] = nobody, **variables: str
) -> Iterator[Program]:
    """``module`` with the Python of ``environment``."""
    command: list[str | Path] = [python_of(environment), "-W", "ignore", "-m", module]
    with conversing(command, person, **variables) as program:
        yield program


@contextmanager
def conversing(
    command: Sequence[str | Path], person: Callable[[str], str] = nobody, **variables: str
) -> Iterator[Program]:
    """The program that ``command`` starts."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Program(process, person)
        finally:
            process.kill()
