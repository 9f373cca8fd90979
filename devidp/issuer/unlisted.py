"""Clients and users that nobody has named, at an issuer that takes them (`unknown_clients`, `unknown_users`)."""

from __future__ import annotations

import re

from devidp.models import Client, User
from devidp.models.settings import UnknownClients
from devidp.oauth import names
from devidp.oauth.response_type import RESPONSE_TYPES

_CLIENT_ID = re.compile(r"[\x20-\x7e]{1,255}")
"""RFC 6749 appendix A.1."""
_PRINTED = r"[^\x00-\x1f\x7f\ud800-\udfff]"
_USERNAME = re.compile(rf"(?!\s){_PRINTED}{{1,255}}(?<!\s)")
"""Without what a database or a token cannot hold."""
_AUTH_METHODS = frozenset({names.NO_AUTHENTICATION, *names.SENT_SECRETS})


def unlisted_client(client_id: str, accepted: UnknownClients) -> Client | None:
    """The client, with everything that its issuer has; ``None`` where it is refused."""
    if accepted == "refuse" or not _CLIENT_ID.fullmatch(client_id):
        return None
    return Client(
        client_id=client_id,
        name=client_id,
        auth_methods=_AUTH_METHODS,
        grants=frozenset(names.GRANTS),
        response_types=frozenset(RESPONSE_TYPES),
        redirects="any" if accepted == "accept" else "loopback",
        unlisted=True,
    )


def unlisted_user(username: str) -> User | None:
    """The user, who is called so everywhere; ``None`` for what cannot be a name."""
    if not _USERNAME.fullmatch(username):
        return None
    email = {"email": username} if "@" in username else {}
    return User(username, username, claims={"preferred_username": username, **email}, unlisted=True)
