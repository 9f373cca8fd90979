"""A client that nobody has named or registered, at an issuer that takes those (`unknown_clients`)."""

from __future__ import annotations

import re

from devidp.models import Client
from devidp.models.settings import UnknownClients
from devidp.oauth import names
from devidp.oauth.response_type import RESPONSE_TYPES

_CLIENT_ID = re.compile(r"[\x20-\x7e]{1,255}")
"""RFC 6749 appendix A.1."""
_AUTH_METHODS = frozenset({names.NO_AUTHENTICATION, *names.SENT_SECRETS})


def unlisted(client_id: str, accepted: UnknownClients) -> Client | None:
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
