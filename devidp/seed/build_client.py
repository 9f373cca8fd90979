"""A client of the validated model as the frozen record."""

from __future__ import annotations

from typing import Any

from devidp.models import Client, ClientSettings, Lifetimes
from devidp.oauth import names
from devidp.seed.build_values import as_set, build_lifetimes, in_order
from devidp.seed.client import ClientEntry
from devidp.seed.shape import build_shape

METADATA = (
    "default_max_age", "default_acr_values", "request_uris", "request_object_signing_alg",
    "require_signed_request_object", "require_pushed_authorization_requests",
)  # fmt: skip
"""Keys of a client that are metadata under the same name."""


def build_client(client_id: str, entry: ClientEntry, lifetimes: Lifetimes) -> Client:
    own_lifetimes = build_lifetimes(entry.lifetimes, lifetimes)
    return Client(
        client_id=client_id,
        name=entry.name or client_id,
        secret=entry.client_secret,
        auth_methods=_auth_methods(entry),
        auth_signing_alg=entry.auth_signing_alg,
        jwks=entry.jwks,
        jwks_uri=entry.jwks_uri,
        redirect_uris=tuple(dict.fromkeys(entry.redirect_uris)),
        grants=frozenset(entry.grants),
        response_types=frozenset(entry.response_types if names.AUTHORIZATION_CODE in entry.grants else ()),
        scopes=as_set(entry.scopes),
        default_scopes=in_order(entry.default_scopes),
        default_audience=entry.default_audience,
        lifetimes=None if own_lifetimes == lifetimes else own_lifetimes,
        dpop_bound=entry.dpop_bound,
        id_token_signed_response_alg=entry.id_token_signed_response_alg,
        userinfo_signed_response_alg=entry.userinfo_signed_response_alg,
        introspection_signed_response_alg=entry.introspection_signed_response_alg,
        access_token_format=entry.access_token_format,
        access_token=build_shape(entry.access_token),
        id_token=build_shape(entry.id_token),
        userinfo=build_shape(entry.userinfo),
        post_logout_redirect_uris=tuple(dict.fromkeys(entry.post_logout_redirect_uris)),
        backchannel_logout_uri=entry.backchannel_logout_uri,
        frontchannel_logout_uri=entry.frontchannel_logout_uri,
        sector=entry.pairwise_sector,
        rotate_refresh_tokens=entry.rotate_refresh_tokens,
        refresh_token_format=entry.refresh_token_format,
        consent=entry.consent,
        settings=_client_settings(entry),
        client_ids=entry.client_ids,
        disabled=entry.disabled,
        metadata=_metadata(entry),
    )


def _client_settings(entry: ClientEntry) -> ClientSettings | None:
    said = ClientSettings(
        access_token_claims=in_order(entry.access_token_claims),
        claims_in_id_token=entry.claims_in_id_token,
        client_authentication=entry.client_authentication,
        pkce_required=entry.pkce.required,
        pkce_plain=entry.pkce.plain,
        refresh_grace=entry.refresh_grace,
        refresh_tokens=entry.refresh_tokens,
        second_factor=entry.second_factor,
        step_up=entry.step_up,
        unknown_scopes=entry.unknown_scopes,
    )
    return None if said == ClientSettings() else said


def _metadata(entry: ClientEntry) -> dict[str, Any]:
    said = {name: getattr(entry, name) for name in METADATA}
    return {name: value for name, value in said.items() if value != ClientEntry.model_fields[name].default}


def _auth_methods(entry: ClientEntry) -> frozenset[str]:
    if entry.public:
        return frozenset({names.NO_AUTHENTICATION})
    if entry.auth_method is not None:
        return frozenset({entry.auth_method})
    if entry.client_secret is None:
        return frozenset({names.PRIVATE_KEY_JWT})
    return frozenset({names.SECRET_BASIC, names.SECRET_POST})
