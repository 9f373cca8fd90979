"""Pushed authorization requests (RFC 9126): stored for a while, and named by a ``request_uri``."""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.models import Client, PushedRequest
from devidp.oauth.errors import InvalidRequestUri, quoted
from devidp.oauth.identifiers import random_token
from devidp.oauth.parameters import Parameters

PREFIX = "urn:ietf:params:oauth:request_uri:"
"""RFC 9126 section 2.2 leaves the form to the server; this is the one of its examples."""


def store(issuer: Issuer, client: Client, parameters: Parameters, *, signed: bool) -> tuple[str, int]:
    """Keep a checked request; its ``request_uri``, and the seconds for which it can be used."""
    reference, lifetime = f"{PREFIX}{random_token()}", issuer.lifetimes(client).pushed_request
    record = PushedRequest(client.client_id, parameters.encode(), issuer.clock.seconds() + lifetime, signed)
    issuer.store.add_pushed_request(reference, record)
    return reference, lifetime


def find(issuer: Issuer, reference: str, client_id: str) -> PushedRequest:
    """The request that ``reference`` names; raises InvalidRequestUri."""
    record = issuer.store.find_pushed_request(reference)
    if record is None:
        raise _unusable(
            f"The request_uri {quoted(reference)} is not known to issuer {issuer.url}, or was answered before"
        )
    if record.client_id != client_id:
        raise InvalidRequestUri(
            f"The request_uri was issued to client {quoted(record.client_id)}, not to {quoted(client_id)}",
            remedy="Send the client_id that pushed the request",
        )
    age = issuer.clock.now() - record.expires_at
    if age >= 0:
        raise _unusable(f"The request_uri expired {age:.0f} s ago")
    return record


def use_up(issuer: Issuer, reference: str) -> None:
    """Let ``reference`` be answered no second time; raises InvalidRequestUri where it was (RFC 9126 section 7.3)."""
    if not issuer.store.remove_pushed_request(reference):
        raise _unusable("The request_uri has been answered already")


def _unusable(reason: str) -> InvalidRequestUri:
    return InvalidRequestUri(
        reason,
        remedy="Push the request again, or raise lifetimes.pushed_request in the seed; each is good for one answer",
    )
