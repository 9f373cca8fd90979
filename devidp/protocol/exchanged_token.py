"""The tokens that a token exchange is given (RFC 8693 section 2.1): whose they are, and that they count."""

from __future__ import annotations

from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.keys import tokens
from devidp.models import Client
from devidp.oauth import names
from devidp.oauth.errors import InvalidRequest, quoted

SECTION = "RFC 8693 section 2.1"
TYPES = (names.ACCESS_TOKEN_TYPE, names.ID_TOKEN_TYPE, names.JWT_TYPE)


def read(issuer: Issuer, client: Client, token: str, token_type: str, what: str) -> dict[str, Any]:
    """The claims of a token of this issuer that is valid now; ``what`` is the parameter that it came in.

    Raises InvalidRequest, as RFC 8693 section 2.2.2 has it for a token that is not valid.
    """
    if token_type not in TYPES:
        raise InvalidRequest(
            f"{what}_type is {quoted(token_type)}, this issuer exchanges: {' '.join(TYPES)}",
            remedy="Send an access token or an ID token of this issuer",
            section=SECTION,
        )
    claims = None
    if token_type != names.ID_TOKEN_TYPE:
        claims = issuer.read_access_token(token)
    if claims is None and token_type != names.ACCESS_TOKEN_TYPE:
        claims = _id_token(issuer, client, token)
    if claims is None:
        raise InvalidRequest(
            f"The {what} is not a {token_type.rpartition(':')[2]} of issuer {issuer.url} that client "
            f"{quoted(client.client_id)} may exchange, or it has expired or was revoked",
            remedy="Get a new one from this issuer; an ID token has to be for the client that exchanges it",
            section="RFC 8693 section 2.2.2",
        )
    return claims


def _id_token(issuer: Issuer, client: Client, token: str) -> dict[str, Any] | None:
    claims = tokens.verify(token, issuer.keys.key_set(), issuer.algorithms(), tokens.ID_TOKEN_TYPE)
    if claims is None or claims.get("iss") != issuer.url or claims.get("exp", 0) <= issuer.clock.now():
        return None
    audience = claims.get("aud")
    return claims if client.client_id in (audience if isinstance(audience, list) else [audience]) else None
