"""Scope strings (RFC 6749 section 3.3): space-separated, case-sensitive, without an order that means anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+\Z")


def parse(text: str | None) -> tuple[str, ...]:
    """The scopes of a scope string in the order in which they came, each once."""
    return tuple(dict.fromkeys(part for part in (text or "").split(" ") if part))


def join(scopes: Iterable[str]) -> str:
    return " ".join(scopes)


def is_valid(scope: str) -> bool:
    """Whether ``scope`` has only the characters of a scope-token."""
    return _TOKEN.match(scope) is not None
