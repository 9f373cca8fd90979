"""Random codes, tokens and ids, and which grant or flow an id belongs to."""

from __future__ import annotations

import secrets

from devidp.oauth import base64url

CODE_BYTES = 32
FLOW_BYTES = 6
FLOW_LENGTH = 8
"""Characters of a flow id: base64url of ``FLOW_BYTES``."""


def random_token() -> str:
    """256 random bits in URL-safe characters: some clients put ids and secrets into headers without encoding them."""
    return base64url.encode(secrets.token_bytes(CODE_BYTES))


def new_flow() -> str:
    """The id of a flow: the ids of its grants begin with it."""
    return secrets.token_urlsafe(FLOW_BYTES)


def flow_of(grant_id: str | None) -> str:
    """The flow of a grant; empty for none."""
    return (grant_id or "")[:FLOW_LENGTH]


def token_id(grant_id: str | None) -> str:
    """A ``jti``; it begins with the id of the grant, where there is one."""
    unique = secrets.token_urlsafe(16)
    return unique if grant_id is None else f"{grant_id}.{unique}"


def grant_of(jti: str) -> str:
    """The id of the grant that a ``jti`` begins with, or an empty string."""
    grant_id, dot, _ = jti.rpartition(".")
    return grant_id if dot else ""


def with_mark(grant_id: str, mark: str) -> str:
    """``grant_id`` with a ``mark`` that it shares with others, so that one revocation ends them all."""
    return f"{grant_id}~{mark}"


def mark_of(grant_id: str) -> str:
    """The mark of a grant, or the whole id of one that has none."""
    return grant_id.rpartition("~")[2]
