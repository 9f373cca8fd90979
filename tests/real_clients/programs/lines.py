"""How a test and a program of another environment talk: one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def commands() -> Iterator[dict[str, Any]]:
    """What the test wants, until it has no more wishes."""
    for line in iter(sys.stdin.readline, ""):
        yield json.loads(line)


def answer(**members: Any) -> None:
    sys.stdout.write(json.dumps(members) + "\n")
    sys.stdout.flush()


@contextmanager
def telling() -> Iterator[None]:
    """Where something is raised, the answer is what it says."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever ends a client is its answer
        answer(error="; ".join(_messages(error)))


def _messages(error: BaseException) -> Iterator[str]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _messages(each)
    else:
        yield f"{type(error).__name__}: {error}"


def ask(**members: Any) -> dict[str, Any]:
    """What the test gives in return for ``members``."""
    answer(**members)
    return next(commands())
