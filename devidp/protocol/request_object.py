"""Request objects (RFC 9101): the parameters of an authorization request as a JWT that the client has signed.

Authlib would leave the issuer, the audience, the type and the lifetime unchecked; so none of it is Authlib's.
"""

from __future__ import annotations

import json
from typing import Any, Final

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names
from devidp.oauth.errors import InvalidRequestObject, InvalidRequestUri, Problem, as_text, quoted
from devidp.oauth.parameters import Parameters
from devidp.protocol import client_keys
from devidp.protocol.assertion_claims import spellings
from devidp.protocol.client_keys import NotVerified
from devidp.system import fetch
from devidp.system.fetch import FetchError

TYPE: Final = "oauth-authz-req+jwt"
"""``typ`` of a request object that says so (RFC 9101 section 10.8)."""
ABOUT_ITSELF: Final = frozenset({"iss", "aud", "exp", "nbf", "iat", "jti", "sub"})
"""Claims that speak of the object, and are no parameters."""
REFERENCE_SECTION: Final = "OpenID Connect Core section 6.2"


def read(issuer: Issuer, client: Client, token: str) -> tuple[Parameters, bool]:
    """The parameters in a request object, and whether a signature protects them; raises InvalidRequestObject."""
    if token.count(".") == 4:
        raise _refusal(Problem("it is encrypted", "Send it signed only; metadata offers no encryption"))
    try:
        header, claims = client_keys.parse_unverified(token)
        signed = header.get("alg") != "none"
        if signed:
            registered = client.metadata.get("request_object_signing_alg")
            algorithms = (registered,) if registered else names.KEY_ALGORITHMS
            claims = client_keys.verify_claims(issuer, client, token, TYPE, algorithms)
        else:
            client_keys.check_type(header, TYPE)
            _check_unsigned(issuer, client, token)
        client_keys.check_times(issuer.clock.now(), claims)
        _check_claims(issuer, client, claims)
    except Problem as problem:
        raise _refusal(problem) from None
    return _parameters(claims), signed


def _check_unsigned(issuer: Issuer, client: Client, token: str) -> None:
    if not issuer.supports(names.UNSIGNED_REQUEST_OBJECTS):
        raise NotVerified("It has alg 'none', and this issuer takes signed ones", "Sign it with a key of the client")
    # without a registered one any algorithm of the issuer may be used (OpenID Connect Registration section 2)
    registered = client.metadata.get("request_object_signing_alg", "none")
    if registered != "none":
        raise NotVerified(
            f"It has alg 'none', and client {quoted(client.client_id)} has registered {registered}",
            "Sign it, or register request_object_signing_alg as none",
        )
    if not token.endswith("."):
        raise NotVerified("It has alg 'none' and a signature", "Leave the signature empty (RFC 7518 section 3.6)")


def _check_claims(issuer: Issuer, client: Client, claims: dict[str, Any]) -> None:
    if claims.get("client_id") != client.client_id:
        raise Problem(
            f"its client_id is {quoted(claims.get('client_id'))}, the parameter {quoted(client.client_id)}",
            "Put the same client_id into the request object",
            got=as_text(claims.get("client_id")),
            expected=[client.client_id],
        )
    if claims.get("iss", client.client_id) != client.client_id:
        raise Problem(
            f"its iss is {quoted(claims['iss'])}",
            "Set iss to the client_id",
            got=as_text(claims["iss"]),
            expected=[client.client_id],
        )
    if claims.get("sub") == client.client_id:
        # RFC 9101 section 10.8: it could be used as an assertion that authenticates the client
        raise Problem("its sub is the client_id", "Leave sub out")
    audience = claims.get("aud", issuer.url)
    named = audience if isinstance(audience, list) else [audience]
    if not {*spellings([issuer.url])} & {value for value in named if isinstance(value, str)}:
        raise Problem(
            f"its aud is {quoted(audience)}, expected {issuer.url}",
            "Set aud to the issuer",
            got=as_text(audience),
            expected=[issuer.url],
        )
    for name in ("request", "request_uri"):
        if name in claims:
            raise Problem(f"it holds {quoted(name)}", "Leave it out: one request object cannot name another")


def _parameters(claims: dict[str, Any]) -> Parameters:
    """The members as parameters: text as it is, numbers and objects as JSON writes them (RFC 9101 section 4)."""
    return Parameters(
        (name, item if isinstance(item, str) else json.dumps(item))
        for name, value in claims.items()
        if name not in ABOUT_ITSELF
        for item in (value if isinstance(value, list) else [value])
    )


def _refusal(problem: Problem) -> InvalidRequestObject:
    lead = "" if problem.reason.startswith("It ") else "The request object is refused: "
    return InvalidRequestObject(
        f"{lead}{problem.reason}", remedy=problem.remedy, got=problem.got, expected=problem.expected
    )


def fetch_by_reference(issuer: Issuer, client: Client, address: str) -> str:
    """The request object at ``address``, which is fetched anew each time; raises InvalidRequestUri."""
    registered = client.metadata.get("request_uris") or ()
    if address not in registered:
        raise InvalidRequestUri(
            f"The request_uri {quoted(address)} is not registered for client {quoted(client.client_id)}, "
            f"which has: {' '.join(registered) or 'none'}",
            remedy="Register it under request_uris, character by character",
            section=REFERENCE_SECTION,
            got=address,
            expected=registered,
        )
    try:
        reply = fetch.ask("GET", address, client_keys.reach(issuer, client), b"", {"Accept": "*/*"})
    except FetchError as problem:
        raise InvalidRequestUri(
            f"The request_uri: {problem.reason}", remedy=problem.remedy, section=REFERENCE_SECTION
        ) from None
    if reply.status != 200:
        raise InvalidRequestUri(
            f"The request_uri {quoted(address)} answers with status {reply.status}",
            remedy="Serve the request object there until the user has been sent here",
            section=REFERENCE_SECTION,
        )
    return reply.body.decode("ascii", "replace").strip()
