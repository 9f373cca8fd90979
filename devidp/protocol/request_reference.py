"""Request objects by reference (OpenID Connect Core section 6.2): at addresses that the client has registered."""

from __future__ import annotations

from typing import Final

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth.errors import InvalidRequestUri, quoted
from devidp.protocol import client_keys
from devidp.system import fetch
from devidp.system.fetch import FetchError

SECTION: Final = "OpenID Connect Core section 6.2"


def fetch_request_object(issuer: Issuer, client: Client, address: str) -> str:
    """The request object at ``address``, which is fetched anew each time; raises InvalidRequestUri."""
    registered = client.metadata.get("request_uris") or ()
    if address not in registered:
        raise InvalidRequestUri(
            f"The request_uri {quoted(address)} is not registered for client {quoted(client.client_id)}, "
            f"which has: {' '.join(registered) or 'none'}",
            remedy="Register it under request_uris, character by character",
            section=SECTION,
        )
    try:
        reply = fetch.ask("GET", address, client_keys.reach(issuer, client), b"", {"Accept": "*/*"})
    except FetchError as problem:
        raise InvalidRequestUri(f"The request_uri: {problem.reason}", remedy=problem.remedy, section=SECTION) from None
    if reply.status != 200:
        raise InvalidRequestUri(
            f"The request_uri {quoted(address)} answers with status {reply.status}",
            remedy="Serve the request object there until the user has been sent here",
            section=SECTION,
        )
    return reply.body.decode("ascii", "replace").strip()
