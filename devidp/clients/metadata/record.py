"""The record of a registered client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from devidp.clients.metadata import sector
from devidp.models import Client
from devidp.oauth import scope


def to_client(client_id: str, metadata: Mapping[str, Any]) -> Client:
    """The record of a registered client, without its secret.

    Its ``scope`` is a default and not a bound: a client that needs a wider scope later requests it under the same
    registration.
    """
    return Client(
        client_id=client_id,
        name=metadata.get("client_name") or client_id,
        auth_methods=frozenset({metadata["token_endpoint_auth_method"]}),
        auth_signing_alg=metadata.get("token_endpoint_auth_signing_alg"),
        dpop_bound=bool(metadata.get("dpop_bound_access_tokens")),
        id_token_signed_response_alg=metadata.get("id_token_signed_response_alg"),
        userinfo_signed_response_alg=metadata.get("userinfo_signed_response_alg"),
        introspection_signed_response_alg=metadata.get("introspection_signed_response_alg"),
        jwks=metadata.get("jwks"),
        jwks_uri=metadata.get("jwks_uri"),
        redirect_uris=tuple(metadata["redirect_uris"]),
        grants=frozenset(metadata["grant_types"]),
        response_types=frozenset(metadata["response_types"]),
        default_scopes=scope.parse(metadata.get("scope")) or None,
        sector=sector.sector_of(metadata),
        post_logout_redirect_uris=tuple(metadata.get("post_logout_redirect_uris", ())),
        backchannel_logout_uri=metadata.get("backchannel_logout_uri"),
        frontchannel_logout_uri=metadata.get("frontchannel_logout_uri"),
        metadata=metadata,
        registered=True,
    )
