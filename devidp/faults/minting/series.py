"""Many tokens, alike but for their ids and times, so that each costs little more than a signature."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from devidp.faults import MintRefused
from devidp.faults.minting.authorize import GRANT_ID_BYTES
from devidp.faults.minting.mint import Minted, mint
from devidp.faults.minting.request import MintRequest
from devidp.issuer.issuer import Issuer
from devidp.keys import tokens
from devidp.oauth.identifiers import grant_of, mark_of, token_id, with_mark


def series(issuer: Issuer, request: MintRequest) -> Iterator[str]:
    """Valid access tokens without end; raises MintRefused as ``mint`` does.

    One is minted per second, with every check, and those that follow are like it.
    """
    if request.fault is not None or request.token_type not in (None, "access") or request.key != "active":
        raise MintRefused("A series has valid access tokens only", remedy="Leave fault, token_type and key out")
    differs = bool(request.header) or "jti" in request.claims or "jti" in request.drop
    while True:
        second = issuer.clock.seconds()
        first = mint(issuer, request)
        yield first.token
        if not differs:
            yield from _similar_tokens(issuer, first, second)


def _similar_tokens(issuer: Issuer, first: Minted, second: int) -> Iterator[str]:
    """Tokens like ``first`` until the second is over."""
    grant_id, place = grant_of(first.claims["jti"]), secrets.token_urlsafe()
    header, mark = tokens.json_bytes(dict(first.header)), mark_of(grant_id)
    before, after = tokens.json_bytes({**first.claims, "jti": place}).split(place.encode())
    key = issuer.keys.signing_with(first.header["alg"])
    while issuer.clock.seconds() == second:
        jti = token_id(with_mark(secrets.token_urlsafe(GRANT_ID_BYTES), mark) if grant_id else None)
        yield tokens.sign_bytes(header, before + jti.encode() + after, key)
