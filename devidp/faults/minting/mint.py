"""Minting: the token that the issuer would issue, changed as requested, spoilt by at most one fault; one or many."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from devidp import faults
from devidp.faults import Case, Fault, MintRefused, TokenType, foreign, unknown
from devidp.faults.minting import explain
from devidp.faults.minting.authorize import authorization
from devidp.faults.minting.request import MintRequest
from devidp.issuer.issuer import Issuer
from devidp.keys import SigningKey, tokens
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
    explanation: str
    fault: Fault | None = None
    access_token: str | None = None
    """The access token that ``at_hash`` of an ID token belongs to."""


def mint(issuer: Issuer, request: MintRequest) -> Minted:
    """The token that ``request`` describes; raises MintRefused where it cannot be minted like that."""
    fault = _fault(request)
    return _minter(issuer, request, fault)(fault)


def twins(issuer: Issuer, request: MintRequest) -> tuple[Minted, Minted]:
    """The valid and the faulty token of one request, alike in everything else; raises MintRefused without a fault."""
    fault = _fault(request)
    if fault is None:
        raise MintRefused("Without a fault there is no twin", remedy="Name a fault")
    minter = _minter(issuer, request, fault)
    return minter(None), minter(fault)


def series(issuer: Issuer, request: MintRequest) -> Iterator[str]:
    """Valid access tokens without end, alike but for ids and times; raises MintRefused as ``mint`` does.

    One is minted per second, with every check; those that follow are like it and cost little more than a signature.
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
    grant_id, place = grant_of(first.claims), secrets.token_urlsafe()
    header = tokens.json_bytes(dict(first.header))
    before, after = tokens.json_bytes({**first.claims, "jti": place}).split(place.encode())
    key = issuer.keys.signing_with(first.header["alg"])
    while issuer.clock.seconds() == second:
        yield tokens.sign_bytes(header, before + token_id(grant_id).encode() + after, key)


def _minter(issuer: Issuer, request: MintRequest, fault: Fault | None) -> Callable[[Fault | None], Minted]:
    """What mints tokens that are alike but for the fault."""
    token_type = _token_type(request, fault)
    granted = authorization(issuer, request)
    if granted.user is None and token_type != "access":
        raise MintRefused(f"A token of type {token_type} needs a user", remedy="Name a client that acts for users")
    if token_type == "refresh":
        _store_grant(issuer, granted, granted.grant_id)
        return lambda _: _refresh_token(issuer, request, granted)
    access_token = tokens.sign(issuer.access_draft(granted)) if token_type == "id" else None
    draft = _change(issuer, request, _draft(issuer, granted, token_type, access_token))
    for grant_id in {granted.grant_id, grant_of(draft.claims)}:
        _store_grant(issuer, granted, grant_id, draft.claims.get("exp"))
    case = Case(draft, issuer, granted)

    def minter(fault: Fault | None) -> Minted:
        spoilt = draft if fault is None else fault.spoil(case)
        sentence = explain.sentence(granted, request, fault, token_type)
        if isinstance(spoilt, Draft):
            return Minted(tokens.sign(spoilt), spoilt.header, spoilt.claims, sentence, fault, access_token)
        header, claims = (tokens.members(each) or {} for each in f"{spoilt}..".split(".")[:2])
        return Minted(spoilt, header, claims, sentence, fault, access_token)

    return minter


def _store_grant(issuer: Issuer, granted: Authorization, grant_id: str | None, expires_at: object = None) -> None:
    """As a flow would have: a token of a user is good while its grant lives, for as long as it was asked to."""
    if grant_id is None:
        return
    username = "" if granted.user is None else granted.user.username
    keep_until = max(issuer.keep_until(granted.client), int(expires_at) if is_date(expires_at) else 0)
    issuer.store.grants.add(Grant(grant_id, granted.client.client_id, username), keep_until)


def _fault(request: MintRequest) -> Fault | None:
    fault = None if request.fault is None else faults.find(request.fault)
    if fault is not None and fault.group in ("key", "algorithm") and request.key != "active":
        raise MintRefused(
            f"The fault {quoted(fault.name)} chooses a key itself, and key is {request.key}",
            remedy="Leave one of them out",
        )
    return fault


def _token_type(request: MintRequest, fault: Fault | None) -> TokenType:
    """The requested type, or that of the fault; raises MintRefused where the two do not go together."""
    if fault is None:
        return request.token_type or "access"
    if request.token_type is None or request.token_type in fault.applies_to:
        return request.token_type or fault.applies_to[0]
    raise MintRefused(
        f"The fault {quoted(fault.name)} is for {' and '.join(fault.applies_to)} tokens, not for {request.token_type}",
        remedy="Leave token_type out, or choose another fault",
    )


def _draft(issuer: Issuer, granted: Authorization, token_type: TokenType, access_token: str | None) -> Draft:
    if token_type == "access":
        return issuer.access_draft(granted)
    if token_type == "id":
        return issuer.id_draft(granted, access_token)
    assert granted.user is not None
    now, client = issuer.clock.seconds(), granted.client
    sub = issuer.subject(granted.user, client)
    return tokens.logout_draft(issuer.url, client.client_id, sub, granted.sid, now, issuer.keys.active)


def _change(issuer: Issuer, request: MintRequest, draft: Draft) -> Draft:
    """``draft`` with everything that the request says about it."""
    claims = dict(draft.claims)
    if request.lifetime is not None:
        claims["exp"] = claims["iat"] + request.lifetime
    if request.not_before is not None:
        claims["nbf"] = claims["iat"] + request.not_before
    claims |= request.claims
    for name in request.drop:
        if name not in claims:
            raise unknown("claim", name, claims, "Drop a claim that the token has")
        del claims[name]
    key = _key(issuer, request, draft)
    return Draft({**draft.header, "kid": key.kid, **request.header}, claims, key)


def _key(issuer: Issuer, request: MintRequest, draft: Draft) -> SigningKey:
    algorithm = draft.key.algorithm
    match request.key:
        case "active":
            return draft.key
        case "retired":
            return foreign.retired_key(issuer.keys, algorithm)
        case "unpublished":
            return foreign.unpublished_key(issuer.keys, algorithm)
        case "foreign":
            return foreign.unrelated_key(algorithm)


def _refresh_token(issuer: Issuer, request: MintRequest, granted: Authorization) -> Minted:
    changes = ("lifetime", "not_before", "claims", "drop", "header")
    refused = [name for name in changes if getattr(request, name)] + ["key"] * (request.key != "active")
    if refused:
        raise MintRefused(
            f"A refresh token is opaque, so {' and '.join(refused)} cannot be set",
            remedy="Leave them out; advance the clock or revoke the token to make it invalid",
        )
    if names.REFRESH_TOKEN not in granted.client.grants & issuer.settings.grants:
        raise MintRefused(
            f"Client {quoted(granted.client.client_id)} gets no refresh tokens",
            remedy="Give the client and the issuer the grant refresh_token in the seed",
        )
    token = issuer.new_refresh_token(granted, granted.audience)
    return Minted(token, {}, {}, f"A valid refresh token for {explain.owner(granted)}.")
