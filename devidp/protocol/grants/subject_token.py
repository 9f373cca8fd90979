"""The tokens that are presented for an exchange (RFC 8693 section 2.1): what each is, and whether it counts."""

from __future__ import annotations

from typing import Any

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import confirmation, names, scope
from devidp.oauth.errors import InvalidRequest, quoted
from devidp.oauth.identifiers import grant_of, token_id
from devidp.protocol.grants import refresh_token
from devidp.protocol.grants.base import ProvingGrant

SECTION = "RFC 8693 section 2.1"


def read(grant: ProvingGrant, name: str, types: tuple[str, ...]) -> dict[str, Any]:
    """The claims of the token in the parameter ``name``, which is of one of ``types``.

    Raises InvalidRequest where it is not valid now, InvalidGrant where its key was not proven.
    """
    issuer, parameters, client = grant.issuer, grant.request.parameters, grant.request.client.record
    token, kind = parameters.required(name, SECTION), parameters.required(f"{name}_type", SECTION)
    if kind not in types:
        raise InvalidRequest(
            f"{name}_type is {quoted(kind)}, expected {' or '.join(types)}",
            remedy="Send a token of such a type that this issuer gave out",
            section=SECTION,
        )
    claims = _refresh_claims(grant, client, token) if kind == names.REFRESH_TOKEN_TYPE else None
    if kind in (names.ACCESS_TOKEN_TYPE, names.JWT_TYPE):
        claims = issuer.read_access_token(token)
    if claims is None and kind in (names.ID_TOKEN_TYPE, names.JWT_TYPE):
        claims = _id_claims(issuer, client, token)
    if claims is None:
        raise InvalidRequest(
            f"The {name} is not a {kind.rpartition(':')[2]} of issuer {issuer.url} that client "
            f"{quoted(client.client_id)} may exchange, or it has expired, was revoked, or is not valid yet",
            remedy="Get a new one from this issuer; an ID token has to be for the client that exchanges it",
            section="RFC 8693 section 2.2.2",
        )
    grant.check_key(confirmation.thumbprint(claims), name.replace("_", " "))
    return claims


def _refresh_claims(grant: ProvingGrant, client: Client, token: str) -> dict[str, Any]:
    """What an access token of the authorization would say; the refresh token stays as it is."""
    record = refresh_token.find(grant, token)
    claims = {
        "sub": grant.issuer.subject(grant.active_user(record.username), client),
        "client_id": client.client_id,
        "scope": scope.join(record.scope),
        "jti": token_id(record.grant_id),
        "auth_time": record.auth_time,
        "acr": record.acr,
        "amr": list(record.amr),
    }
    return claims if record.jkt is None else {**claims, "cnf": {"jkt": record.jkt}}


def _id_claims(issuer: Issuer, client: Client, token: str) -> dict[str, Any] | None:
    claims = issuer.read_id_token(token)
    if claims is None or not issuer.is_of_now(claims) or claims["aud"] != client.client_id:
        return None
    return claims if issuer.store.grants.is_alive(grant_of(claims) or "") else None
