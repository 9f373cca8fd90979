"""A minted token before its signature and its faults: what the issuer would sign, with what the request changes."""

from __future__ import annotations

import json
from typing import Any, get_args

from devidp.faults import MintRefused, foreign, unknown
from devidp.faults.minting.request import KeyName, MintRequest
from devidp.issuer.issuer import Issuer
from devidp.keys import KeyProblem, SigningKey, tokens
from devidp.keys.material import parse_own
from devidp.keys.tokens import Draft
from devidp.models import Authorization, Client
from devidp.oauth import names
from devidp.oauth.errors import quoted
from devidp.oauth.identifiers import token_id

HEADERS = ("header", "drop_header")
ASSERTION_LIFETIME = 60
"""Seconds."""


def draft(issuer: Issuer, request: MintRequest, granted: Authorization, access_token: str | None) -> Draft:
    """The token that ``request`` describes; raises MintRefused."""
    match request.token_type:
        case "id":
            made = issuer.id_draft(granted, access_token)
        case "logout":
            assert granted.user is not None
            made = issuer.logout_draft(granted.user, granted.client, granted.sid)
        case "id-jag":
            made = issuer.id_jag_draft(granted, request.resource)
        case "client-assertion":
            made = _client_assertion(issuer, request, granted)
        case _:
            made = issuer.access_draft(granted)
    refused = ["key"] * (request.key != "active") + [name for name in HEADERS if getattr(request, name)]
    if made.opaque and refused:
        raise MintRefused(
            f"An opaque access token has no header and no signature, so {' and '.join(refused)} cannot be set",
            remedy="Leave them out, or set 'access_token_format: jwt' in the seed",
        )
    return _changed(issuer, request, made)


def _client_assertion(issuer: Issuer, request: MintRequest, granted: Authorization) -> Draft:
    """What authenticates a client (RFC 7523 section 3), under its secret where it has one."""
    now, client = issuer.clock.seconds(), granted.client
    claims: dict[str, Any] = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": granted.audience[0] if len(granted.audience) == 1 else list(granted.audience),
        "jti": token_id(None),
        "iat": now,
        "exp": now + ASSERTION_LIFETIME,
    }
    key = _client_key(client) if request.key == "active" else issuer.keys.active
    return tokens.draft(tokens.ID_TOKEN_TYPE, claims, key)


def _client_key(client: Client) -> SigningKey:
    if client.secret is not None and names.SECRET_JWT in client.auth_methods:
        return foreign.secret_key(client.secret)
    raise MintRefused(
        f"devidp has no private key of client {quoted(client.client_id)}, which authenticates with: "
        f"{' '.join(sorted(client.auth_methods))}",
        remedy="Send its private key as key, or name a client with client_secret_jwt",
    )


def _changed(issuer: Issuer, request: MintRequest, made: Draft) -> Draft:
    """``made`` with everything that the request says about it."""
    claims = dict(made.claims)
    if not isinstance(request.user, str | None):
        claims = {**_claims_of_user(request, claims), **claims}
    if request.lifetime is not None:
        claims["exp"] = claims["iat"] + request.lifetime
    if request.not_before is not None:
        claims["nbf"] = claims["iat"] + request.not_before
    claims |= request.claims
    key = _key(issuer, request, made)
    header = {**made.header, "alg": key.algorithm, "kid": key.kid, **request.header}
    if not key.kid:
        del header["kid"]
    for name in request.drop:
        if name not in claims:
            raise unknown("claim", name, claims, "Drop a claim that the token has")
        del claims[name]
    for name in request.drop_header:
        if name not in header:
            raise unknown("header parameter", name, header, "Drop a parameter that the header has")
        del header[name]
    return Draft(header, claims, key, made.shaping)


def _claims_of_user(request: MintRequest, claims: dict[str, Any]) -> dict[str, Any]:
    """What is said of somebody whom the seed does not have: all of it, as nothing says what to withhold."""
    assert not isinstance(request.user, str | None)
    for name, value in request.user.items():
        if name != "sub" and name in claims and claims[name] != value:
            raise MintRefused(
                f"The claim {name} of user is {json.dumps(value)}, and the issuer itself says what {name} is",
                remedy=f"Set it with claims: {{{name!r}: ...}}",
            )
    return {name: value for name, value in request.user.items() if name != "sub"}


def _key(issuer: Issuer, request: MintRequest, made: Draft) -> SigningKey:
    if request.key not in get_args(KeyName):
        try:
            return parse_own(request.key)
        except KeyProblem as problem:
            raise MintRefused(f"key cannot be used: {problem}", remedy="Send a private key as PEM or JWK") from None
    algorithm = made.key.algorithm
    if request.token_type == "client-assertion" and request.key in ("retired", "unpublished"):
        raise MintRefused(f"key is {request.key}, which only an issuer has", remedy="Name active, foreign or a key")
    match request.key:
        case "retired":
            return foreign.retired_key(issuer.keys, algorithm)
        case "unpublished":
            return foreign.unpublished_key(issuer.keys, algorithm)
        case "foreign":
            return foreign.unrelated_key(algorithm)
    return made.key
