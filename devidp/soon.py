"""What nearly every run needs soon after its start, and no first discovery document does."""

from __future__ import annotations

from devidp.keys import tokens
from devidp.protocol import engine
from devidp.web.endpoints import token

__all__ = ["engine", "load", "token", "tokens"]


def load() -> None:
    """Leaves nothing to do: who calls it has loaded the modules above."""
