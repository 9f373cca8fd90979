"""What the replicas of a devidp have to be told alike: where their database is, and what its keys are sealed with."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SCHEMES = ("postgresql", "postgres")
SHORTEST_SECRET = 32
RUN = "replicas"
"""The run of all of them: what is changed in one at run time is changed in all, until it is reset."""
NEW_SECRET = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def database_url(text: str) -> str:
    """``text``, if it is the URL of a PostgreSQL database; raises ValueError, without the password in it."""
    parts = urlsplit(shown(text))
    if parts.scheme not in SCHEMES or not parts.path.strip("/"):
        raise ValueError(f"got {parts.geturl()!r}, expected a database such as postgresql://devidp@db.example/devidp")
    return text


def shown(url: str) -> str:
    """``url`` without who logs in, and how."""
    return re.sub(r"//[^/]*@", "//", url.partition("?")[0])


def secret(text: str) -> str:
    """``text``, if it is long enough to be one; raises ValueError, which does not repeat it."""
    if len(text) < SHORTEST_SECRET:
        raise ValueError(
            f"got {len(text)} characters, expected {SHORTEST_SECRET} or more that nobody can guess. "
            f"Make one: {NEW_SECRET}"
        )
    return text


def expect_secret(database: str | None, given: str | None) -> None:
    """Raises ValueError for a database without the secret that its replicas share."""
    if database is not None and given is None:
        raise ValueError(
            "--database needs DEVIDP_SECRET, with which its replicas seal private keys: the same text for all of them. "
            f"Make one: {NEW_SECRET}"
        )
