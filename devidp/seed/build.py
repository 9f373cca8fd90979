"""The validated model as the frozen records that the rest of devidp reads."""

from __future__ import annotations

from collections.abc import Mapping

from devidp.models import (
    IssuerSettings,
    PolicyRule,
    Resource,
    Scope,
    Seed,
    TrustedIssuer,
    User,
)
from devidp.oauth import names
from devidp.seed.build_client import build_client
from devidp.seed.build_values import as_set, build_lifetimes, in_order
from devidp.seed.client import ClientEntry
from devidp.seed.defaults import ISSUER, OPENID_SCOPES
from devidp.seed.entries import ScopeEntry, UserEntry
from devidp.seed.issuer import IssuerEntry
from devidp.seed.resource import ResourceEntry
from devidp.seed.root import Root
from devidp.seed.shape import build_shape


def build(root: Root, warnings: tuple[str, ...]) -> Seed:
    users = _users(root.users)
    return Seed(
        issuers=tuple(_issuer(name, entry, users, root.clients) for name, entry in root.issuers.items()),
        scopes={name: _scope(name, entry) for name, entry in root.scopes.items()},
        resources=_resources(root.resources),
        policy=tuple(
            PolicyRule(as_set(rule.users), as_set(rule.clients), as_set(rule.allow), frozenset(rule.deny))
            for rule in root.policy
        ),
        warnings=warnings,
    )


def _issuer(
    name: str, entry: IssuerEntry, users: Mapping[str, User], clients: Mapping[str, ClientEntry]
) -> IssuerSettings:
    lifetimes = build_lifetimes(entry.lifetimes, ISSUER.lifetimes)
    own_clients = clients if entry.clients is None else entry.clients
    return IssuerSettings(
        name=name,
        path=_path(name, entry),
        url=None if entry.url is None or entry.url.startswith("/") else entry.url,
        follow_host=entry.follow_host,
        endpoints=entry.endpoints,
        metadata=entry.metadata,
        issuer_document=entry.issuer_document,
        profile=entry.profile,
        lifetimes=lifetimes,
        signing_algorithm=entry.signing_algorithm,
        key_size=entry.key_size,
        signing_key=entry.signing_key or entry.signing_key_file,
        grants=frozenset(entry.grants),
        features=_features(entry.features),
        pkce_required=entry.pkce.required,
        pkce_plain=entry.pkce.plain,
        device_interval=entry.device_interval,
        impersonation=entry.token_exchange.impersonation,
        delegation=entry.token_exchange.delegation,
        trusted_issuers={
            name: TrustedIssuer(trusted.jwks, trusted.jwks_uri, trusted.match)
            for name, trusted in entry.trusted_issuers.items()
        },
        client_authentication=entry.client_authentication,
        json_requests=entry.json_requests,
        dpop_nonce=entry.dpop.nonce,
        refresh_tokens=entry.refresh_tokens,
        refresh_grace=entry.refresh_grace,
        refresh_token_format=entry.refresh_token_format,
        open_introspection=entry.introspection.open,
        introspection_token=entry.introspection.bearer_token or entry.introspection.bearer_token_file,
        open_revocation=entry.revocation.open,
        initial_access_token=entry.registration.initial_access_token or entry.registration.initial_access_token_file,
        fetch_private_addresses=entry.fetch.private_addresses,
        unfetchable_documents=entry.client_id_metadata_documents.unfetchable,
        unused_registrations=entry.registration.unused_lifetime,
        confirm_logout=entry.logout.confirm,
        logout_redirect_parameters=tuple(entry.logout.redirect_parameters),
        revoke_on_logout=entry.logout.revoke_tokens,
        token_response=entry.token_response,
        logout_by_refresh_token=entry.logout.refresh_token,
        failed_logins=entry.failed_logins.limit,
        failed_logins_within=entry.failed_logins.within,
        auto_approve=entry.auto_approve,
        step_up=entry.step_up,
        default_scopes=in_order(entry.default_scopes),
        default_audience=entry.default_audience,
        unknown_clients=entry.unknown_clients,
        unknown_users=entry.unknown_users,
        unknown_scopes=entry.unknown_scopes,
        unknown_resources=entry.unknown_resources,
        user_scopes=entry.user_scopes,
        short_grant_types=entry.short_grant_types,
        resource_in_scope=entry.resource_in_scope,
        acr_values=entry.acr_values,
        second_factor=entry.second_factor,
        access_token_format=entry.access_token_format,
        access_token_claims=tuple(dict.fromkeys(entry.access_token_claims)),
        claims_in_id_token=entry.claims_in_id_token,
        access_token=build_shape(entry.access_token),
        id_token=build_shape(entry.id_token),
        userinfo=build_shape(entry.userinfo),
        users=users if entry.users is None else _users(entry.users),
        clients={client_id: build_client(client_id, client, lifetimes) for client_id, client in own_clients.items()},
    )


def _path(name: str, entry: IssuerEntry) -> str:
    if entry.url is not None and entry.url.startswith("/"):
        return entry.url
    return f"/{name}" if entry.path is None else entry.path


def _features(switches: Mapping[str, bool]) -> frozenset[str]:
    on = {name for name in names.FEATURES if switches.get(name, name not in names.OFF_BY_DEFAULT)}
    return frozenset(name for name in on if names.PART_OF.get(name, name) in on)


def _users(entries: Mapping[str, UserEntry]) -> dict[str, User]:
    return {
        username: User(
            username=username,
            sub=entry.sub or username,
            password=entry.password or entry.password_file,
            claims=entry.claims,
            scopes=as_set(entry.scopes),
            mfa=entry.mfa,
            disabled=entry.disabled,
        )
        for username, entry in entries.items()
    }


def _resources(entries: Mapping[str, ResourceEntry]) -> dict[str, Resource]:
    """Each resource under its own name, then under its others."""
    own = {
        uri: Resource(
            uri,
            as_set(entry.scopes),
            entry.name or "",
            entry.access_token_format,
            entry.signing_algorithm,
            build_shape(entry.access_token),
        )
        for uri, entry in entries.items()
    }
    return own | {alias: own[uri] for uri, entry in entries.items() for alias in entry.aliases}


def _scope(name: str, entry: ScopeEntry) -> Scope:
    claims = names.STANDARD_CLAIMS.get(name, ()) if entry.claims is None else tuple(dict.fromkeys(entry.claims))
    return Scope(name, entry.description or OPENID_SCOPES.get(name, name), claims)
