"""Registered clients of an issuer: stored, replaced and described (RFC 7591, RFC 7592)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from devidp.clients.metadata import parse, sector
from devidp.clients.metadata.model import ClientMetadata
from devidp.issuer.issuer import Issuer
from devidp.models import Registration
from devidp.oauth import names
from devidp.oauth.identifiers import random_token
from devidp.system.fetch import Reach


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """A client and its registration access token, ``None`` where it cannot be managed."""

    client_id: str
    registration: Registration
    access_token: str | None


def accept(issuer: Issuer, data: Mapping[str, Any]) -> ClientMetadata:
    """The metadata that ``data`` asks for, as the issuer will honour it; raises OAuthError."""
    metadata = parse.parse(data, issuer.settings, issuer.seed.scopes)
    if metadata.sector_identifier_uri is not None:
        reach = Reach(private=issuer.settings.fetch_private_addresses)
        sector.check_document(metadata.sector_identifier_uri, metadata.redirect_uris, issuer.documents, reach)
    return metadata


def register(issuer: Issuer, metadata: ClientMetadata) -> RegisteredClient:
    """Store a new client."""
    now = issuer.clock.seconds()
    registration = Registration(metadata.public(), now, expires_at=now + issuer.settings.unused_registrations)
    token = random_token() if issuer.supports(names.MANAGEMENT) else None
    registered = RegisteredClient(random_token(), registration, token)
    issuer.store.clients.add(registered.client_id, registration, token)
    return registered


def update(
    issuer: Issuer, client_id: str, access_token: str, registration: Registration, metadata: ClientMetadata,
    *, new_secret: bool,
) -> RegisteredClient | None:  # fmt: skip
    """Store other metadata under another registration access token; ``None`` where another request was first."""
    generation = registration.secret_generation + new_secret
    changed = registration._replace(metadata=metadata.public(), secret_generation=generation)
    successor = random_token()
    if not issuer.store.clients.replace(client_id, access_token, successor, changed):
        return None
    return RegisteredClient(client_id, changed, successor)


def client_information(issuer: Issuer, registered: RegisteredClient) -> dict[str, Any]:
    """The client information response (RFC 7591 section 3.2.1, RFC 7592 section 3)."""
    answer: dict[str, Any] = {
        "client_id": registered.client_id,
        "client_id_issued_at": registered.registration.registered_at,
        **registered.registration.metadata,
    }
    client_secret = issuer.registered_secret(registered.client_id, registered.registration)
    if client_secret is not None:
        answer |= {"client_secret": client_secret, "client_secret_expires_at": 0}
    if registered.access_token is not None:
        query = urlencode({"client_id": registered.client_id})
        answer |= {
            "registration_access_token": registered.access_token,
            "registration_client_uri": f"{issuer.addresses.of('client-configuration')}?{query}",
        }
    return answer
