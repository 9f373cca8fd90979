"""What the replicas of a devidp have to be told alike: where their database is, and what its keys are sealed with."""

from __future__ import annotations

import hmac
import re

_HOST = r"(?:[\w.%-]*|\[[\da-fA-F:.]+\])(?::\d+)?"
_URL = re.compile(rf"(postgres(?:ql)?://)(?:[^/?#@]*@)?({_HOST}(?:,{_HOST})*/[\w.%-]+)(?:\?[^#]*)?")
SHORTEST_SECRET = 32
RUN = "replicas"
"""The run of all of them: what is changed in one at run time is changed in all, until it is reset."""
NEW_SECRET = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def database_url(text: str) -> str:
    """``text``, if it is the URL of a PostgreSQL database; raises ValueError, without the password in it."""
    if not shown(text):
        scheme = re.match(r"[a-z+]+://", text)
        raise ValueError(
            f"got {f'{scheme.group()}…' if scheme else 'a text'!r}, expected a database such as "
            "postgresql://devidp:PASSWORD@db.example:5432/devidp. "
            "Write / ? # and @ in a password as %2F %3F %23 and %40"
        )
    return text


def shown(url: str) -> str:
    """``url`` without who logs in, and how; empty where it is none."""
    found = _URL.fullmatch(url)
    return "".join(found.groups()) if found else ""


def secret(text: str) -> str:
    """``text``, if it is long enough to be one; raises ValueError, which does not repeat it."""
    if len(text) < SHORTEST_SECRET:
        raise ValueError(
            f"got {len(text)} characters, expected {SHORTEST_SECRET} or more that nobody can guess. "
            f"Make one: {NEW_SECRET}"
        )
    return text


def control_token(secret: str) -> str:
    """The bearer token of all replicas that share ``secret``, where they are told none."""
    return hmac.digest(secret.encode(), b"control token", "sha256").hex()


def expect_secret(database: str | None, given: str | None) -> None:
    """Raises ValueError for a database without the secret that its replicas share."""
    if database is not None and given is None:
        raise ValueError(
            "--database needs DEVIDP_SECRET, with which its replicas seal private keys: the same text for all of them. "
            f"Make one: {NEW_SECRET}"
        )
