"""The control token, which admits other machines: nobody counts guesses at it, so it must not be a guessable one."""

from __future__ import annotations

import re

SHORTEST = 16
_SENT = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""What an Authorization header can hold (RFC 6750 section 2.1)."""
NEW = "python3 -c 'import secrets; print(secrets.token_urlsafe(24))'"


def control_token(text: str) -> str:
    """``text``, if it can be sent and is long enough; raises ValueError, which does not repeat it."""
    if not _SENT.fullmatch(text):
        raise ValueError(
            "got a character that no bearer token has, expected A-Z a-z 0-9 - . _ ~ + / and = at the end. "
            f"Make one: {NEW}"
        )
    if len(text) < SHORTEST:
        raise ValueError(
            f"got {len(text)} characters, expected {SHORTEST} or more that nobody can guess: with it other machines "
            f"control devidp. Make one: {NEW}"
        )
    return text
