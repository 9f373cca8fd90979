"""JSON from strangers, of which every text can be written again (RFC 7493 section 2.1)."""

from __future__ import annotations

import json
from typing import Any


def loads(text: str | bytes) -> Any:
    """The value; raises ValueError for what is no JSON or holds half a character, RecursionError for deep nesting."""
    value = json.loads(text)
    check(value, text.encode() if isinstance(text, str) else text)
    return value


def check(value: Any, written: bytes) -> None:
    """Raise ValueError where ``value``, which was ``written`` like this, holds half a character."""
    if b"\\ud" in written.lower():
        json.dumps(value, ensure_ascii=False).encode()
