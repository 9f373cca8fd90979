"""A real browser: Chromium without a window, driven by playwright-core."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.real_clients.program import Program, conversing, node_program


class Chromium:
    """One tab; what is written on buttons and labels is what a person reads there."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def start_anew(self) -> None:
        """A profile of its own: no cookie, no storage."""
        self._ask("start")

    def open(self, address: str) -> None:
        self._ask("open", address=address)

    def press(self, words: str) -> None:
        """Click the first button that says ``words``."""
        self._ask("press", words=words)

    def fill(self, label: str, text: str) -> None:
        self._ask("fill", label=label, text=text)

    def key(self, name: str) -> None:
        self._ask("key", name=name)

    def see(self, words: str) -> None:
        """Wait until the page says so."""
        self._ask("see", words=words)

    def arrive(self, prefix: str) -> str:
        """Wait for an address that begins so; the whole of it."""
        self._ask("arrive", prefix=prefix)
        return self.address

    def run(self, script: str) -> Any:
        """What a JavaScript expression comes to in the page; a promise is waited for."""
        return self._ask("run", script=script)

    @property
    def address(self) -> str:
        return str(self._ask("address"))

    @property
    def complaints(self) -> list[str]:
        """Errors in the console since the start: what was blocked, what could not be loaded."""
        found: list[str] = self._ask("complaints")
        return found

    def _ask(self, command: str, **its: str) -> Any:
        answer = self._program.ask(command=command, **its)
        assert "failed" not in answer, answer["failed"]
        return answer["result"]


@contextmanager
def chromium_running() -> Iterator[Chromium]:
    """The browser of the variable ``CHROMIUM``, otherwise the first that the path has."""
    known = (os.environ.get("CHROMIUM"), shutil.which("chromium"), shutil.which("chromium-browser"))
    found = next((program for program in known if program), None)
    assert found is not None, "there is no chromium: run `make test-setup`, or name one in the variable CHROMIUM"
    with conversing(node_program("node-browser"), CHROMIUM=found) as program:
        yield Chromium(program)
        # it takes its profile along only when it is asked to end
        program.ask(command="end")
