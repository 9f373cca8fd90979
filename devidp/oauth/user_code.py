"""User codes (RFC 8628 section 6.1): short enough to type, without letters that are taken for others or make words."""

from __future__ import annotations

import secrets

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8


def generate() -> str:
    """A code of 34 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def display(code: str) -> str:
    """``WDJB-MJHT``: in two parts, as people read it."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def normal(typed: str) -> str:
    """What was typed without case, hyphens and spaces."""
    return "".join(char for char in typed.upper() if char in ALPHABET)
