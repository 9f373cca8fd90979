"""Minting: the token that the issuer would issue, changed as requested, and spoilt; one or many."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from devidp import faults
from devidp.faults import Case, Fault, MintRefused, TokenType
from devidp.faults.combination import spoil_and_tell
from devidp.faults.minting import explain, unsigned
from devidp.faults.minting.authorize import authorization
from devidp.faults.minting.request import KeyName, MintRequest, for_type
from devidp.issuer.issuer import Issuer
from devidp.keys import tokens
from devidp.keys.tokens import Draft
from devidp.models import Authorization, Grant
from devidp.oauth import names
from devidp.oauth.errors import quoted
from devidp.oauth.identifiers import grant_of, token_id
from devidp.oauth.numeric_date import is_date


@dataclass(frozen=True, slots=True)
class Minted:
    """A token, what is in it, and a sentence that says what is wrong with it."""

    token: str
    header: Mapping[str, Any]
    """Empty where the token has none that can be read."""
    claims: Mapping[str, Any]
    """The same: of an opaque token introspection says them."""
    explanation: str
    faults: tuple[Fault, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    """The fault of each part that is wrong: ``claims.exp``, ``header.kid``, ``key``, ``signature``."""
    access_token: str | None = None
    """The access token that ``at_hash`` of an ID token belongs to."""


def mint(issuer: Issuer, request: MintRequest) -> Minted:
    """The token that ``request`` describes; raises MintRefused where it cannot be minted like that."""
    wanted = _faults(request)
    return _minter(issuer, request, wanted)(wanted)


def twins(issuer: Issuer, request: MintRequest) -> tuple[Minted, Minted]:
    """The valid and the faulty token of one request, alike in everything else; raises MintRefused without a fault."""
    wanted = _faults(request)
    if not wanted:
        raise MintRefused("Without a fault there is no twin", remedy="Name a fault")
    minter = _minter(issuer, request, wanted)
    return minter(()), minter(wanted)


def series(issuer: Issuer, request: MintRequest) -> Iterator[str]:
    """Valid access tokens without end, alike but for ids and times; raises MintRefused as ``mint`` does.

    One is minted per second, with every check; those that follow are like it and cost little more than a signature.
    """
    if request.fault or request.token_type not in (None, "access") or request.key != "active":
        raise MintRefused("A series has valid access tokens only", remedy="Leave fault, token_type and key out")
    differs = bool(request.header or request.drop_header) or "jti" in request.claims or "jti" in request.drop
    differs |= issuer.access_draft(authorization(issuer, for_type(request, "access"))).shaping is not None
    while True:
        second = issuer.clock.seconds()
        first = mint(issuer, request)
        yield first.token
        if not differs:
            yield from _similar_tokens(issuer, first, second)


def _similar_tokens(issuer: Issuer, first: Minted, second: int) -> Iterator[str]:
    """Tokens like ``first`` until the second is over."""
    grant_id, place = grant_of(first.claims), secrets.token_urlsafe()
    header = tokens.json_bytes(dict(first.header))
    before, after = tokens.json_bytes({**first.claims, "jti": place}).split(place.encode())
    key = issuer.keys.signing_with(first.header["alg"])
    while issuer.clock.seconds() == second:
        yield tokens.sign_bytes(header, before + token_id(grant_id).encode() + after, key)


def _minter(issuer: Issuer, request: MintRequest, wanted: Sequence[Fault]) -> Callable[[Sequence[Fault]], Minted]:
    """What mints tokens that are alike but for the faults."""
    token_type = _token_type(request, wanted)
    request = for_type(request, token_type)
    granted = authorization(issuer, request)
    if granted.user is None and token_type not in ("access", "client-assertion"):
        raise MintRefused(f"A token of type {token_type} needs a user", remedy="Name a client that acts for users")
    if token_type == "refresh":
        _store_grant(issuer, granted, granted.grant_id, {})
        return lambda _: _refresh_token(issuer, request, granted)
    access_token = issuer.finish(issuer.access_draft(granted)) if token_type == "id" else None
    draft = unsigned.draft(issuer, request, granted, access_token)
    chosen = grant_of(draft.claims) if token_type in ("access", "id", "id-jag") else None
    for grant_id in {granted.grant_id, chosen}:
        _store_grant(issuer, granted, grant_id, draft.claims)
    case = Case(draft, issuer, granted)

    def minter(faults: Sequence[Fault]) -> Minted:
        spoilt, changed = spoil_and_tell(case, faults)
        sentence = explain.sentence(granted, request, faults, token_type, opaque=draft.opaque)
        places = {part: fault.name for part, fault in changed.items()}
        if isinstance(spoilt, Draft):
            readable = ({}, {}) if spoilt.opaque else (spoilt.header, spoilt.claims)
            return Minted(issuer.finish(spoilt), *readable, sentence, tuple(faults), places, access_token)
        return Minted(issuer.keep(spoilt, draft), *_readable(spoilt), sentence, tuple(faults), places, access_token)

    return minter


def _store_grant(issuer: Issuer, granted: Authorization, grant_id: str | None, claims: Mapping[str, Any]) -> None:
    """As a flow would have: a token of a user is good while its grant lives, for as long as it was asked to."""
    if grant_id is None:
        return
    username = "" if granted.user is None else granted.user.username
    expires_at, sid = claims.get("exp"), str(claims.get("sid", ""))
    keep_until = max(issuer.keep_until(granted.client), int(expires_at) if is_date(expires_at) else 0)
    issuer.store.grants.add(Grant(grant_id, granted.client.client_id, username, sid), keep_until)


def _faults(request: MintRequest) -> tuple[Fault, ...]:
    wanted = tuple(faults.find(name) for name in request.fault)
    for fault in wanted:
        if fault.group in ("key", "algorithm") and request.key != "active" and request.token_type != "client-assertion":
            key = request.key if request.key in get_args(KeyName) else "your own"
            raise MintRefused(
                f"The fault {quoted(fault.name)} chooses a key itself, and key is {key}",
                remedy="Leave one of them out",
            )
    return wanted


def _token_type(request: MintRequest, wanted: Sequence[Fault]) -> TokenType:
    """The requested type, or that of the faults; raises MintRefused where they do not go together."""
    if not wanted:
        return request.token_type or "access"
    common = [each for each in wanted[0].applies_to if all(each in fault.applies_to for fault in wanted)]
    if request.token_type in common or (request.token_type is None and common):
        return request.token_type or common[0]
    said = "; ".join(f"{quoted(each.name)} is for {' and '.join(each.applies_to)} tokens" for each in wanted)
    raise MintRefused(
        f"The fault {said}, not for {request.token_type or 'one type'}",
        remedy="Leave token_type out, or choose another fault",
    )


def _refresh_token(issuer: Issuer, request: MintRequest, granted: Authorization) -> Minted:
    changes = ("lifetime", "not_before", "claims", "drop", "header", "drop_header")
    refused = [name for name in changes if getattr(request, name) not in (None, (), {})]
    refused += ["key"] * (request.key != "active")
    if refused:
        raise MintRefused(
            f"A refresh token is worth what its issuer has stored, so {' and '.join(refused)} cannot be set",
            remedy="Leave them out; advance the clock or revoke the token to make it invalid",
        )
    if issuer.user(granted.user.username if granted.user else "") is None:
        raise MintRefused(
            "A refresh token is of a user whom the issuer knows", remedy="Name a user of the seed, or add one"
        )
    if names.REFRESH_TOKEN not in granted.client.grants & issuer.settings.grants:
        raise MintRefused(
            f"Client {quoted(granted.client.client_id)} gets no refresh tokens",
            remedy="Give the client and the issuer the grant refresh_token in the seed",
        )
    token = issuer.new_refresh_token(granted, granted.audience)
    return Minted(token, *_readable(token), f"A valid refresh token for {explain.owner(granted)}.")


def _readable(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims, empty where there are none that can be read."""
    header, claims = (tokens.members(each) or {} for each in f"{token}..".split(".")[:2])
    return header, claims
