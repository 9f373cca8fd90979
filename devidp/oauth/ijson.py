"""JSON from strangers, whose numbers and strings can be written again (RFC 8259 section 6, RFC 7493 section 2.1)."""

from __future__ import annotations

import json
from collections import Counter
from math import isfinite
from typing import Any

from devidp.oauth.errors import quoted

Pairs = list[tuple[str, Any]]


def loads(text: str | bytes) -> Any:
    """The value; raises ValueError for invalid JSON and for a lone surrogate, RecursionError for deep nesting."""
    value = parse(text)
    check(value, text.encode() if isinstance(text, str) else text)
    return value


def parse(text: str | bytes) -> Any:
    """The same without a look at the strings."""
    return _LENIENT.decode(_written(text))


def without_duplicates(text: str | bytes) -> Any:
    """As ``parse``, and raises ValueError for a member that comes twice (RFC 7493 section 2.3)."""
    return _STRICT.decode(_written(text))


def check(value: Any, written: bytes) -> None:
    """Raise ValueError where ``value``, parsed from ``written``, holds a lone surrogate."""
    if b"\\ud" in written.lower():
        json.dumps(value, ensure_ascii=False).encode()


def _written(text: str | bytes) -> str:
    if isinstance(text, bytes):
        return text.decode(json.detect_encoding(text), "surrogatepass")
    if text.startswith("\ufeff"):
        raise ValueError("it begins with a byte order mark, expected none (RFC 8259 section 8.1)")
    return text


def _members(pairs: Pairs) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        repeated = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the member {quoted(repeated)} came more than once")
    return members


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return number


def _no_number(text: str) -> Any:
    # Python reads NaN and Infinity, and would write them into a token that nobody else can read
    raise ValueError(f"{text} is no JSON")


_LENIENT = json.JSONDecoder(parse_constant=_no_number, parse_float=_finite)
_STRICT = json.JSONDecoder(parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_members)
