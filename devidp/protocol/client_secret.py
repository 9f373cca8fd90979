"""Client authentication by a secret: in the Authorization header or in the body (OAuth 2.1 section 2.4.1)."""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode
from urllib.parse import unquote_plus

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import names
from devidp.oauth.errors import InvalidClient, InvalidRequest, quoted
from devidp.protocol.client_credential import SECTION, ClientCredential
from devidp.protocol.request import ProtocolRequest


def read_basic(issuer: Issuer, request: ProtocolRequest) -> ClientCredential | None:
    header = request.headers.get("authorization")
    if not header:
        return None
    scheme, _, credentials = header.partition(" ")
    # RFC 6749 section 5.2 wants the header where the client used it; elsewhere a browser would ask its user
    challenge = {"WWW-Authenticate": f'Basic realm="{issuer.url}"'}
    if scheme.lower() != "basic":
        # without a scheme it is the secret itself, which must not come back, nor get into the log
        came = f"has the scheme {quoted(scheme)}" if credentials else "has no scheme"
        raise InvalidClient(
            f"The Authorization header {came}, expected Basic",
            remedy="Send client credentials with Basic or in the body",
            section=SECTION,
            headers=challenge,
        )
    readings = _readings(credentials.strip(), challenge)
    client_id = request.parameters.get("client_id")
    if client_id is not None and client_id not in (name for name, _ in readings):
        raise InvalidRequest(
            f"The Authorization header names client {quoted(readings[-1][0])}, the body names {quoted(client_id)}",
            remedy="Leave client_id out of the body, or send the same one",
            section=SECTION,
        )
    return ClientCredential(names.SECRET_BASIC, readings, challenge)


def _readings(credentials: str, challenge: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """RFC 6749 section 2.3.1 has both url-encoded before base64; many clients send them raw."""
    try:
        text = b64decode(credentials, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise _malformed("is not base64 of UTF-8 text", challenge) from None
    name, colon, secret = text.partition(":")
    if not colon:
        raise _malformed("has no colon between client id and secret", challenge)
    return ((unquote_plus(name), unquote_plus(secret)), (name, secret))


def _malformed(why: str, challenge: dict[str, str]) -> InvalidClient:
    return InvalidClient(
        f"The Basic credentials cannot be read: what follows 'Basic' {why}",
        remedy="Send base64 of client_id:client_secret, both url-encoded",
        section="RFC 6749 section 2.3.1",
        headers=challenge,
    )


def read_post(_: Issuer, request: ProtocolRequest) -> ClientCredential | None:
    secret = request.parameters.get("client_secret")
    if secret is None:
        return None
    return ClientCredential(names.SECRET_POST, ((request.parameters.required("client_id", SECTION), secret),))


def check(_: Issuer, client: Client, secret: str) -> None:
    """Raise InvalidClient for another secret; it counts as often as it comes."""
    if client.secret is None or not hmac.compare_digest(client.secret.encode(), secret.encode()):
        raise InvalidClient(
            f"The secret of client {quoted(client.client_id)} is wrong",
            remedy="Compare it with the seed, or with the answer of the registration",
            section=SECTION,
        )
