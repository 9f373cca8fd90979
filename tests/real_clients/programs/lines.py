"""How a test and a program of another environment talk: one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any


def commands() -> Iterator[dict[str, Any]]:
    """What the test wants, until it has no more wishes."""
    for line in iter(sys.stdin.readline, ""):
        yield json.loads(line)


def answer(**members: Any) -> None:
    sys.stdout.write(json.dumps(members) + "\n")
    sys.stdout.flush()


def ask(**members: Any) -> dict[str, Any]:
    """What the test gives in return for ``members``."""
    answer(**members)
    return next(commands())
