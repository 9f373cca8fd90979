"""Random codes, tokens and ids, and which grant or flow an id belongs to."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any

from devidp.oauth import base64url

CODE_BYTES = 32
FLOW_BYTES = 6
EVENT_BYTES = 9
GRANT_BYTES = 12
_CHILD = re.compile(r":[A-Za-z0-9_-]{16}\Z")
"""How the id of a grant ends that came of another one: base64url of ``GRANT_BYTES``."""
FLOW_LENGTH = 8
"""Characters of a flow id: base64url of ``FLOW_BYTES``."""


def composed(name: str) -> str:
    """``name`` with each letter and its marks as one character (NFC): keyboards and systems differ in that."""
    return unicodedata.normalize("NFC", name)


def comparable(name: str) -> str:
    """``name`` as it is searched for: composed, and whether in upper or lower case."""
    return composed(composed(name).casefold()).strip()


def random_token() -> str:
    """256 random bits in URL-safe characters: some clients put ids and secrets into headers without encoding them."""
    return base64url.encode(secrets.token_bytes(CODE_BYTES))


def new_flow() -> str:
    """The id of a flow: the ids of its grants begin with it."""
    return secrets.token_urlsafe(FLOW_BYTES)


def new_event() -> str:
    """The id of the event of one request."""
    return secrets.token_urlsafe(EVENT_BYTES)


def flow_of(grant_id: str | None) -> str:
    """The flow of a grant; empty for none."""
    return (grant_id or "")[:FLOW_LENGTH]


def token_id(grant_id: str | None) -> str:
    """A ``jti``; it begins with the id of the grant, where there is one."""
    unique = secrets.token_urlsafe(16)
    return unique if grant_id is None else f"{grant_id}.{unique}"


def grant_in(jti: str) -> str | None:
    """The id of the grant that a ``jti`` begins with."""
    grant_id, dot, _ = jti.rpartition(".")
    return grant_id if dot else None


def is_of_user(claims: Mapping[str, Any]) -> bool:
    """Whether a token speaks for a user, and not for the client itself."""
    return claims.get("sub") != claims.get("client_id") or "auth_time" in claims


def grant_of(claims: Mapping[str, Any]) -> str | None:
    """The grant that a token belongs to; ``None`` for what a client got for itself."""
    jti = str(claims.get("jti", ""))
    # whoever mints a token may have chosen the whole of it
    return grant_in(jti) or (jti if is_of_user(claims) else None)


def new_grant(flow: str | None = None, *, parent: str | None = None) -> str:
    """The id of a grant: it begins with the id of its ``flow``, or of the grant that it came of."""
    unique = secrets.token_urlsafe(GRANT_BYTES)
    return f"{flow or new_flow()}{unique}" if parent is None else f"{parent}:{unique}"


def lineage(grant_id: str) -> tuple[str, ...]:
    """A grant and those that it came of, the first one first."""
    found = [grant_id]
    # only what new_grant appends: whoever mints a token may choose an id with colons, such as urn:uuid:…
    while child := _CHILD.search(found[0]):
        found.insert(0, found[0][: child.start()])
    return tuple(found)
