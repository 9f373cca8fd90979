"""JSON from strangers, in which every string can be encoded again (RFC 7493 section 2.1)."""

from __future__ import annotations

import json
from typing import Any


def loads(text: str | bytes) -> Any:
    """The value; raises ValueError for invalid JSON and for a lone surrogate, RecursionError for deep nesting."""
    value = json.loads(text)
    check(value, text.encode() if isinstance(text, str) else text)
    return value


def check(value: Any, written: bytes) -> None:
    """Raise ValueError where ``value``, parsed from ``written``, holds a lone surrogate."""
    if b"\\ud" in written.lower():
        json.dumps(value, ensure_ascii=False).encode()
