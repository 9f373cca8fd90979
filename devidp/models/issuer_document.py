"""The JSON at the URL of an issuer, for programs: what the seed writes, with the names of a few things in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NAMES = ("issuer", "name", "public_key")
"""What can be in braces: the issuer's URL and name, and the key that signs, as SubjectPublicKeyInfo in base64."""
_NAMED = re.compile(r"\{([^{}]*)\}")


def unknown_name(text: str) -> str | None:
    """The first name in braces that stands for nothing; ``None`` where there is none."""
    return next((name for name in _NAMED.findall(text) if name not in NAMES), None)


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """``value`` with ``values`` in place of their names."""
    if isinstance(value, str):
        return _NAMED.sub(lambda match: values[match[1]], value)
    if isinstance(value, list):
        return [filled(each, values) for each in value]
    return {name: filled(each, values) for name, each in value.items()} if isinstance(value, Mapping) else value
