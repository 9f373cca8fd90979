"""A request that was granted before, byte for byte: it need not be parsed and checked again.

The way round Authlib, in one place. Only for what a client of the seed gets for itself by its secret: such a request
uses nothing up, and all that decides it (client, policy, resources) belongs to the issuer, of which another one is made
when something changes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import blake2b

from devidp.messages import Received
from devidp.models import Authorization
from devidp.oauth import scope
from devidp.system.event_log import Facts

MAX_KNOWN = 1_000
"""Requests that are remembered; what is asked for is up to clients."""
MAX_BYTES = 2048
"""Of the body of one that is remembered."""


@dataclass(frozen=True, slots=True)
class _Granted:
    authorization: Authorization
    detail: str


class Repetition:
    """What was granted, by the request that it was granted to."""

    def __init__(self) -> None:
        # a keyed digest in place of the request: its secret is not kept, and how long a look-up takes tells nothing
        self._key = secrets.token_bytes(32)
        self._known: dict[bytes, _Granted] = {}

    def find(self, request: Received, facts: Facts) -> Authorization | None:
        """What the same request was granted before; ``facts`` become what they were then."""
        known = self._known.get(self._digest(request)) if "dpop" not in request.headers else None
        if known is None:
            return None
        granted = known.authorization
        facts.client, facts.grant, facts.detail = granted.client.client_id, granted.grant_type, known.detail
        facts.scope = scope.join(granted.scope)
        return granted

    def learn(self, request: Received, facts: Facts) -> None:
        """Remember what ``request`` was granted, where it may be repeated."""
        if facts.repeatable is None or "dpop" in request.headers or len(request.data) > MAX_BYTES:
            return
        if len(self._known) < MAX_KNOWN:
            self._known[self._digest(request)] = _Granted(facts.repeatable, facts.detail)

    def _digest(self, request: Received) -> bytes:
        told = (request.headers.get("authorization", ""), request.content_type)
        return blake2b("\0".join(told).encode() + b"\0" + request.data, key=self._key, digest_size=16).digest()
