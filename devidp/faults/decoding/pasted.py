"""The token in what somebody has copied: a header, a token response, a text whose lines were broken."""

from __future__ import annotations

import json
import re
from typing import Any

_HEADER = re.compile(r"(?:authorization|dpop)\s*:\s*", re.IGNORECASE)
_SCHEME = re.compile(r"(?:bearer|dpop)\s+", re.IGNORECASE)
_BREAK = re.compile(r"\s*[\r\n]+\s*")
MEMBERS = ("access_token", "id_token", "token", "refresh_token", "logout_token")
"""Where a token is in JSON, the first of these that is there."""


def unwrap(text: str) -> tuple[str, tuple[str, ...]]:
    """The token, and a sentence for each thing that was around it."""
    token, notes = text.strip(), []
    found = _in_json(token)
    if found is not None:
        name, token = found
        notes.append(f"Taken from {name} of the JSON")
    for pattern, what in ((_HEADER, "name of the header"), (_SCHEME, "scheme of the header")):
        cut = pattern.sub("", token, count=1) if pattern.match(token) else token
        if cut != token:
            notes.append(f"The {what} was left out: {token[: len(token) - len(cut)].strip()}")
            token = cut
    if len(token) > 1 and token[0] == token[-1] and token[0] in "\"'":
        token = token[1:-1]
        notes.append("The quotes around it were left out")
    if _BREAK.search(token):
        token = _BREAK.sub("", token)
        notes.append("The line breaks in it were left out: no header can hold them (RFC 9110 section 5.5)")
    return token, tuple(notes)


def _in_json(text: str) -> tuple[str, str] | None:
    if not text.startswith("{"):
        return None
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return next(((name, value[name]) for name in MEMBERS if isinstance(value.get(name), str)), None)
