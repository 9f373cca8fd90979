"""A client that is a function of this program."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Iterator
from typing import Any

from devidp.judge.turn import End, Turn
from devidp.judge.webbrowser_hook import HOOK

LONGEST = 300
"""Characters of what an exception says."""


class CallableClient:
    """A function that is called with the URL, and with the browser where it takes a second argument.

    It ends well where it returns. What it opens by ``webbrowser`` is opened. ``browser(address)`` logs in and gives the
    address of the callback; ``browser.open(address)`` does it beside the client, and opens the callback. A coroutine is
    run.
    """

    keeps_address = False

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._takes_browser = _takes_two(function)
        self.name = str(getattr(function, "__qualname__", type(function).__name__))

    def attempt(self, turn: Turn) -> End:
        ended: list[End] = []
        arguments = (turn.url, turn.browser) if self._takes_browser else (turn.url,)

        def call() -> None:
            try:
                found = self._function(*arguments)
                if inspect.iscoroutine(found):
                    asyncio.run(found)
                ended.append(End())
            except BaseException as error:  # noqa: BLE001 - whatever ends a client is its answer
                ended.append(End("; ".join(_messages(error))))

        # nothing can stop a thread that does not end: it is left behind, and dies with this program
        thread = threading.Thread(target=call, name="devidp-judged-client", daemon=True)
        with HOOK.used(turn.browser):
            thread.start()
            thread.join(turn.seconds)
        return ended[0] if ended else End(timed_out=True)


def _takes_two(function: Callable[..., Any]) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # a function of another language
        return False
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [each for each in parameters if each.kind in positional and each.default is inspect.Parameter.empty]
    return len(needed) > 1


def _messages(error: BaseException) -> Iterator[str]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _messages(each)
    else:
        text = " ".join(str(error).split())[:LONGEST]
        yield f"{type(error).__name__}: {text}" if text else type(error).__name__
