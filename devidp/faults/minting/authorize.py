"""The authorization behind a minted token, as a real flow would have granted it."""

from __future__ import annotations

from devidp.faults import MintRefused, unknown
from devidp.faults.minting.request import MintRequest
from devidp.issuer import authentication, policy
from devidp.issuer.issuer import Issuer
from devidp.models import Authorization, Client, User
from devidp.oauth import names, scope
from devidp.oauth.errors import OAuthError, quoted
from devidp.oauth.identifiers import new_grant, random_token


def authorization(issuer: Issuer, request: MintRequest) -> Authorization:
    """What the issuer would grant to this user and client; raises MintRefused for what it would not."""
    client = _client(issuer, request)
    user = _user(issuer, request, client)
    audience = _audience(issuer, request, client)
    scopes = _scope(issuer, request, client, user, audience)
    if user is None:
        return Authorization(client, names.CLIENT_CREDENTIALS, scopes, audience)
    return Authorization(
        client,
        names.AUTHORIZATION_CODE,
        scopes,
        audience,
        user=user,
        grant_id=new_grant(),
        auth_time=issuer.clock.seconds(),
        acr=authentication.acr(issuer.settings, ("pwd",)),
        amr=("pwd",),
        sid=random_token(),
    )


def _client(issuer: Issuer, request: MintRequest) -> Client:
    known = issuer.settings.clients
    if request.client is not None:
        client = issuer.client(request.client)
        if client is None:
            raise unknown("client", request.client, known, "Add it to the seed, or name one of these")
        return client
    if not known:
        raise MintRefused("The seed has no client", remedy="Add one under 'clients' in the seed")
    clients = list(known.values())
    return next(filter(_has_user, clients), clients[0])


def _user(issuer: Issuer, request: MintRequest, client: Client) -> User | None:
    """The user named, or the first that may log in; ``None`` where the client acts only for itself."""
    known = issuer.settings.users
    if request.user is None:
        if not _has_user(client):
            return None
        active = next((user for user in known.values() if not user.disabled), None)
        if active is None:
            raise MintRefused("The seed has no user who may log in", remedy="Add one under 'users' in the seed")
        return active
    user = issuer.user(request.user)
    if user is None:
        raise unknown("user", request.user, known, "Add the user to the seed, or name one of these")
    if user.disabled:
        raise MintRefused(f"User {quoted(user.username)} is disabled and gets no token", remedy="Name another user")
    if not _has_user(client):
        raise MintRefused(
            f"Client {quoted(client.client_id)} has only the grant client_credentials and acts for itself",
            remedy="Leave user out, or name another client",
        )
    return user


def _has_user(client: Client) -> bool:
    return bool(client.grants - {names.CLIENT_CREDENTIALS})


def _audience(issuer: Issuer, request: MintRequest, client: Client) -> tuple[str, ...]:
    try:
        for uri in request.audience:
            issuer.find_resource(uri)
    except OAuthError as error:
        remedy = f"{error.remedy}, or set any audience with claims: {{'aud': ...}}"
        raise MintRefused(error.reason, remedy=remedy, section=error.section) from None
    return issuer.audience(client, request.audience)


def _scope(
    issuer: Issuer, request: MintRequest, client: Client, user: User | None, audience: tuple[str, ...]
) -> tuple[str, ...]:
    resources = issuer.audience_resources(audience)
    if request.scope is None:
        requested = policy.default_scopes(issuer.seed, issuer.settings, client, resources)
    else:
        requested = scope.parse(request.scope)
        for name in requested:
            if name not in issuer.seed.scopes:
                remedy = "Add it to the seed, or set any scope with claims: {'scope': ...}"
                raise unknown("scope", name, issuer.seed.scopes, remedy)
    decision = policy.decide(requested, issuer.seed, client, user, resources)
    if request.scope is not None and decision.withheld:
        raise MintRefused(
            f"The issuer would not grant this: {decision.explanation()}",
            remedy="Request less, allow it in the seed, or set any scope with claims: {'scope': ...}",
        )
    return decision.granted
