"""``webbrowser.open`` of this program, as long as a client of it is judged."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager

from devidp.judge.browser import ClientBrowser


class JudgedBrowser(webbrowser.BaseBrowser):
    """The first browser that ``webbrowser`` asks; where nothing is judged it opens nothing, and the next is asked."""

    def __init__(self) -> None:
        super().__init__("devidp-judge")
        self._used: ClientBrowser | None = None

    @contextmanager
    def used(self, browser: ClientBrowser) -> Iterator[None]:
        """Let ``browser`` be the one that opens."""
        self._used = browser
        try:
            yield
        finally:
            self._used = None

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        if self._used is None:
            return False
        self._used.open(url)
        return True


HOOK = JudgedBrowser()
webbrowser.register(HOOK.name, None, HOOK, preferred=True)
