"""A client that runs in a process of its own, through all scenarios."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from tests.real_clients.program import Program

Person = Callable[[str], str]


class Refused(Exception):
    """What the client says is wrong."""


class Talking:
    """Begins anew after an attempt that did not end; to be used with ``with``."""

    def __init__(
        self,
        start: Callable[[Person], AbstractContextManager[Program]],
        wish: Callable[[str], dict[str, Any]],
        *,
        listens: bool = False,
    ) -> None:
        self._start = start
        self._wish = wish
        self._listens = listens
        """Whether it waits for the browser at an address of its own, in place of being told where that ended."""
        self._running = ExitStack()
        self._program: Program | None = None
        self._busy = False
        self._browser: Any = None

    def __enter__(self) -> Talking:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def __call__(self, url: str, browser: Any) -> None:
        if self._busy or self._program is None:
            self._running.close()
            self._program = self._running.enter_context(self._start(self._open))
        self._browser, self._busy = browser, True
        answer = self._program.ask(**self._wish(url))
        self._busy = False
        if wrong := answer.get("error") or answer.get("failed"):
            raise Refused(wrong)

    def _open(self, address: str) -> str:
        if not self._listens:
            return str(self._browser(address))
        self._browser.open(address)
        return ""
