"""The ``typ`` of a JSON Web Token, which tells one kind of token from another (RFC 8725 section 3.11)."""

from __future__ import annotations


def matches(typ: object, *expected: str) -> bool:
    """Whether ``typ`` is one of ``expected``: media types in any case, ``application/`` may be left out.

    RFC 7515 section 4.1.9.
    """
    return isinstance(typ, str) and _media_type(typ) in map(_media_type, expected)


def _media_type(typ: str) -> str:
    return (typ if "/" in typ else f"application/{typ}").lower()
