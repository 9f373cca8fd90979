"""Client authentication at the token, introspection and revocation endpoints (OAuth 2.1 section 2.4).

One method a request, the one that the client is registered for. Authlib takes Basic and body together, and fails with
an internal error on credentials that are not UTF-8; so this is ours whole.
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import unquote_plus

from devidp.issuer import Issuer
from devidp.oauth import names
from devidp.oauth.errors import InvalidClient, InvalidRequest, quoted
from devidp.protocol.request import ProtocolRequest
from devidp.records import Client

SECTION = "OAuth 2.1 section 2.4"


@dataclass(frozen=True, slots=True)
class Presented:
    """What a request shows of its client. Each of ``pairs`` is a reading of the same credentials."""

    method: str
    pairs: tuple[tuple[str, str], ...]


def authenticate(issuer: Issuer, request: ProtocolRequest, methods: Collection[str]) -> Client:
    """The client of ``request``; raises InvalidClient, or InvalidRequest for more than one way at once."""
    shown = _presented(request)
    client, secret = _find(issuer, shown)
    request.facts.client = client.client_id
    challenge = _challenge(issuer, shown)
    if shown.method not in client.auth_methods:
        raise InvalidClient(_wrong_method(client, shown), remedy=_method_remedy(client), headers=challenge)
    if shown.method not in methods:
        raise InvalidClient(
            f"Client {quoted(client.client_id)} is public, and this needs a client that authenticates",
            remedy="Use a client with a secret",
            section=SECTION,
        )
    if not _right(client, secret):
        raise InvalidClient(
            f"The secret of client {quoted(client.client_id)} is wrong",
            remedy="Compare it with the seed, or with the answer of the registration",
            section=SECTION,
            headers=challenge,
        )
    request.auth_method = shown.method
    return client


def _presented(request: ProtocolRequest) -> Presented:
    header = request.headers.get("Authorization", "")
    scheme, _, credentials = header.partition(" ")
    client_id, secret = request.parameters.get("client_id"), request.parameters.get("client_secret")
    if scheme.lower() == "basic":
        if secret is not None:
            raise InvalidRequest(
                "Client credentials came in the Authorization header and as client_secret",
                remedy="Send one of them",
                section=SECTION,
            )
        return _basic(credentials.strip(), client_id)
    if header:
        # without a scheme it is the secret itself, which must not come back, nor get into the log
        came = f"has the scheme {quoted(scheme)}" if credentials else "has no scheme"
        raise InvalidClient(
            f"The Authorization header {came}, expected Basic",
            remedy="Send client credentials with Basic or in the body",
            section=SECTION,
            headers={"WWW-Authenticate": "Basic"},
        )
    if client_id is None:
        raise InvalidClient(
            "The request does not say which client it is from: neither an Authorization header nor client_id came",
            remedy="Send client_id, and the secret where the client has one",
            section=SECTION,
        )
    if secret is None:
        return Presented(names.NO_AUTHENTICATION, ((client_id, ""),))
    return Presented(names.SECRET_POST, ((client_id, secret),))


def _basic(credentials: str, client_id: str | None) -> Presented:
    try:
        text = b64decode(credentials, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise _malformed("is not base64 of UTF-8 text") from None
    name, colon, secret = text.partition(":")
    if not colon:
        raise _malformed("has no colon between client id and secret")
    # RFC 6749 section 2.3.1 has both url-encoded before base64; many clients send them raw
    pairs = ((unquote_plus(name), unquote_plus(secret)), (name, secret))
    if client_id is not None and client_id not in (pairs[0][0], name):
        raise InvalidRequest(
            f"The Authorization header names client {quoted(name)}, the body names {quoted(client_id)}",
            remedy="Leave client_id out of the body, or send the same one",
            section=SECTION,
        )
    return Presented(names.SECRET_BASIC, pairs)


def _malformed(why: str) -> InvalidClient:
    return InvalidClient(
        f"The Basic credentials cannot be read: what follows 'Basic' {why}",
        remedy="Send base64 of client_id:client_secret, both url-encoded",
        section="RFC 6749 section 2.3.1",
        headers={"WWW-Authenticate": "Basic"},
    )


def _find(issuer: Issuer, shown: Presented) -> tuple[Client, str]:
    known = [(client, secret) for name, secret in shown.pairs if (client := issuer.client(name)) is not None]
    if not known:
        raise InvalidClient(
            f"Client {quoted(shown.pairs[0][0])} is not known to issuer {issuer.url}",
            remedy="Check the client id, register the client at this issuer, or add it under 'clients' in the seed",
            section=SECTION,
            headers=_challenge(issuer, shown),
        )
    return next((pair for pair in known if _right(*pair)), known[0])


def _right(client: Client, secret: str) -> bool:
    return client.secret is None or hmac.compare_digest(client.secret.encode(), secret.encode())


def _challenge(issuer: Issuer, shown: Presented) -> dict[str, str]:
    # RFC 6749 section 5.2 wants the header where the client used it; elsewhere a browser would ask its user
    if shown.method != names.SECRET_BASIC:
        return {}
    return {"WWW-Authenticate": f'Basic realm="{issuer.url}"'}


def _wrong_method(client: Client, shown: Presented) -> str:
    if client.public:
        return f"Client {quoted(client.client_id)} is public, but sent a secret ({shown.method})"
    return (
        f"Client {quoted(client.client_id)} authenticated with {quoted(shown.method)}, "
        f"expected {' or '.join(sorted(client.auth_methods))}"
    )


def _method_remedy(client: Client) -> str:
    return "Send client_id without a secret" if client.public else "Send the secret the way the client is registered"
