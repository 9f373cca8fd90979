"""Whom a minted token is for: the authorization that a real flow would have ended in."""

from __future__ import annotations

import secrets

from devidp.faults import MintRefused, unknown
from devidp.faults.minting.request import MintRequest
from devidp.issuer import policy
from devidp.issuer.issuer import Issuer
from devidp.models import Authorization, Client, User
from devidp.oauth import names, scope
from devidp.oauth.errors import OAuthError, quoted
from devidp.oauth.identifiers import random_token, with_mark

GRANT_ID_BYTES = 16


def authorization(issuer: Issuer, request: MintRequest) -> Authorization:
    """What the issuer would grant to this user and client; raises MintRefused for what it would not."""
    client = _client(issuer, request)
    user = _user(issuer, request, client)
    audience = _audience(issuer, request, client)
    return Authorization(
        client=client,
        grant_type=names.CLIENT_CREDENTIALS if user is None else names.AUTHORIZATION_CODE,
        scope=_scope(issuer, request, client, user, audience),
        audience=audience,
        user=user,
        grant_id=None if user is None else _grant_id(issuer, user),
        auth_time=None if user is None else issuer.clock.seconds(),
        amr=() if user is None else ("pwd",),
        sid="" if user is None else random_token(),
    )


def _grant_id(issuer: Issuer, user: User) -> str:
    return with_mark(secrets.token_urlsafe(GRANT_ID_BYTES), issuer.mark_of_minted(user))


def _client(issuer: Issuer, request: MintRequest) -> Client:
    known = issuer.settings.clients
    if request.client is not None:
        client = issuer.client(request.client)
        if client is None:
            raise unknown("client", request.client, known, "Add it to the seed, or name one of these")
        return client
    if not known:
        raise MintRefused("The seed has no client", remedy="Add one under 'clients' in the seed")
    for_users = (client for client in known.values() if _has_user(client))
    first = next(iter(known.values()))
    return next(for_users, first)


def _user(issuer: Issuer, request: MintRequest, client: Client) -> User | None:
    """The user named, or the first that may log in; ``None`` where the client acts only for itself."""
    if request.user is None:
        return _first_user(issuer) if _has_user(client) else None
    user = issuer.user(request.user)
    if user is None:
        raise unknown("user", request.user, issuer.settings.users, "Add the user to the seed, or name one of these")
    if user.disabled:
        raise MintRefused(
            f"User {quoted(user.username)} is disabled, so no token is issued to them", remedy="Name another user"
        )
    if not _has_user(client):
        raise MintRefused(
            f"Client {quoted(client.client_id)} has only the grant client_credentials and acts for itself",
            remedy="Leave user out, or name another client",
        )
    return user


def _first_user(issuer: Issuer) -> User:
    users = (issuer.user(name) for name in issuer.settings.users)
    active = next((user for user in users if user is not None and not user.disabled), None)
    if active is None:
        raise MintRefused("The seed has no user who may log in", remedy="Add one under 'users' in the seed")
    return active


def _has_user(client: Client) -> bool:
    return bool(client.grants - {names.CLIENT_CREDENTIALS})


def _audience(issuer: Issuer, request: MintRequest, client: Client) -> tuple[str, ...]:
    try:
        for uri in request.audience:
            issuer.find_resource(uri)
    except OAuthError as error:
        anything = "or set any audience with claims: {'aud': ...}"
        raise MintRefused(error.reason, remedy=f"{error.remedy}, {anything}", section=error.section) from None
    return issuer.audience(client, request.audience)


def _scope(
    issuer: Issuer, request: MintRequest, client: Client, user: User | None, audience: tuple[str, ...]
) -> tuple[str, ...]:
    resources = issuer.audience_resources(audience)
    if request.scope is None:
        wanted = policy.default_scopes(issuer.seed, issuer.settings, client, resources)
        return policy.decide(wanted, issuer.seed, client, user, resources).granted
    decision = policy.decide(_parse_scope(issuer, request.scope), issuer.seed, client, user, resources)
    if decision.withheld:
        raise MintRefused(
            f"The issuer would not grant this: {decision.explanation()}",
            remedy="Ask for less, allow it in the seed, or set any scope with claims: {'scope': ...}",
        )
    return decision.granted


def _parse_scope(issuer: Issuer, text: str) -> tuple[str, ...]:
    requested = scope.parse(text)
    for name in requested:
        if name not in issuer.seed.scopes:
            remedy = "Add it to the seed, or set any scope with claims: {'scope': ...}"
            raise unknown("scope", name, issuer.seed.scopes, remedy)
    return requested
