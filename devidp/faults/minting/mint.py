"""Minting: the token that the issuer would issue, changed as asked, spoilt by at most one fault."""

from __future__ import annotations

from collections.abc import Mapping
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
from devidp.models import Authorization
from devidp.oauth import names
from devidp.oauth.errors import quoted


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
    """The token that ``request`` describes; raises MintRefused where it cannot be made as asked."""
    fault = _fault(request)
    token_type = _token_type(request, fault)
    granted = authorization(issuer, request)
    if token_type == "refresh":
        return _refresh_token(issuer, request, granted)
    return _mint(_order(issuer, request, granted, token_type), fault)


def twins(issuer: Issuer, request: MintRequest) -> tuple[Minted, Minted]:
    """The valid and the faulty token of one request, alike in everything else; raises MintRefused without a fault."""
    fault = _fault(request)
    if fault is None:
        raise MintRefused("Without a fault there is no twin", remedy="Name a fault")
    order = _order(issuer, request, authorization(issuer, request), _token_type(request, fault))
    return _mint(order, None), _mint(order, fault)


@dataclass(frozen=True, slots=True)
class _Order:
    """What is about to be signed, and for whom."""

    case: Case
    request: MintRequest
    token_type: TokenType
    access_token: str | None


def _order(issuer: Issuer, request: MintRequest, granted: Authorization, token_type: TokenType) -> _Order:
    access_token = tokens.sign(issuer.access_draft(granted)) if token_type == "id" else None
    draft = _change(issuer, request, _draft(issuer, granted, token_type, access_token))
    return _Order(Case(draft, issuer, granted), request, token_type, access_token)


def _mint(order: _Order, fault: Fault | None) -> Minted:
    spoilt = order.case.draft if fault is None else fault.spoil(order.case)
    sentence = explain.sentence(order.case, order.request, fault, order.token_type)
    if isinstance(spoilt, str):
        header, claims = (tokens.members(each) or {} for each in f"{spoilt}..".split(".")[:2])
        return Minted(spoilt, header, claims, sentence, fault, order.access_token)
    return Minted(tokens.sign(spoilt), spoilt.header, spoilt.claims, sentence, fault, order.access_token)


def _fault(request: MintRequest) -> Fault | None:
    fault = None if request.fault is None else faults.find(request.fault)
    if fault is not None and fault.group in ("key", "algorithm") and request.key != "active":
        raise MintRefused(
            f"The fault {quoted(fault.name)} chooses a key itself, and key is {request.key}",
            remedy="Leave one of them out",
        )
    return fault


def _token_type(request: MintRequest, fault: Fault | None) -> TokenType:
    """The type asked for, or that of the fault; raises MintRefused where the two do not go together."""
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
    if granted.user is None:
        raise MintRefused(f"The {token_type} token is one of a user", remedy="Name a client that acts for users")
    if token_type == "logout":
        now, client = issuer.clock.seconds(), granted.client
        sub = issuer.subject(granted.user, client)
        return tokens.logout_draft(issuer.url, client.client_id, sub, granted.sid, now, issuer.keys.active)
    return issuer.id_draft(granted, access_token or "")


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
    header = {**draft.header, "kid": key.kid, **request.header}
    return Draft(header, claims, key)


def _key(issuer: Issuer, request: MintRequest, draft: Draft) -> SigningKey:
    algorithm = draft.key.algorithm
    if request.key == "retired":
        return foreign.retired_key(issuer.keys, algorithm)
    if request.key == "unpublished":
        return foreign.unpublished_key(issuer.keys, algorithm)
    return draft.key if request.key == "active" else foreign.stranger_key(algorithm)


def _refresh_token(issuer: Issuer, request: MintRequest, granted: Authorization) -> Minted:
    changes = ("lifetime", "not_before", "claims", "drop", "header")
    given = [name for name in changes if getattr(request, name)] + ["key"] * (request.key != "active")
    if given:
        raise MintRefused(
            f"A refresh token is opaque, so {' and '.join(given)} cannot be set",
            remedy="Leave them out; advance the clock or revoke the token to make it invalid",
        )
    if granted.user is None:
        raise MintRefused("A refresh token is one of a user", remedy="Name a client that acts for users")
    if names.REFRESH_TOKEN not in granted.client.grants & issuer.settings.grants:
        raise MintRefused(
            f"Client {quoted(granted.client.client_id)} gets no refresh tokens",
            remedy="Give the client and the issuer the grant refresh_token in the seed",
        )
    token = issuer.new_refresh_token(granted, granted.audience)
    return Minted(token, {}, {}, explain.refresh_sentence(granted))
