"""The authorization behind a minted token, as a real flow would have granted it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from devidp.faults import MintRefused, unknown
from devidp.faults.minting.request import MintRequest
from devidp.issuer import authentication, policy, resource_scope
from devidp.issuer.issuer import Issuer
from devidp.models import Authorization, Client, User
from devidp.oauth import names, scope
from devidp.oauth.endpoints import CLIENT_AUTHENTICATION
from devidp.oauth.errors import OAuthError, quoted
from devidp.oauth.identifiers import new_grant, random_token
from devidp.oauth.parameters import Parameters

FREE = "take the request as it stands with free"
"""The end of a remedy."""


def authorization(issuer: Issuer, request: MintRequest) -> Authorization:
    """What the issuer would grant to this user and client; raises MintRefused for what it would not.

    With ``free`` it is what the request says.
    """
    client = _client(issuer, request)
    request = _separated(issuer, request, client)
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


def _separated(issuer: Issuer, request: MintRequest, client: Client) -> MintRequest:
    """``request`` with what its scopes say of their resource as its audience."""
    if request.scope is None or request.free:
        return request
    asked = Parameters([("scope", request.scope), *(("audience", uri) for uri in request.audience)])
    try:
        separate = resource_scope.separate(issuer, client, asked)
    except OAuthError as error:
        raise MintRefused(error.reason, remedy=f"{error.remedy}, or {FREE}") from None
    return replace(request, scope=separate.get("scope", ""), audience=separate.all("audience"))


def _client(issuer: Issuer, request: MintRequest) -> Client:
    known = issuer.settings.clients
    if request.client is not None:
        client = issuer.client(request.client)
        if client is None and request.free:
            return issuer.find_client(request.client) or Client(request.client, request.client)
        if client is None:
            raise unknown("client", request.client, known, f"Add it to the seed, name one of these, or {FREE}")
        return client
    if not known:
        raise MintRefused("The seed has no client", remedy="Add one under 'clients' in the seed")
    clients = list(known.values())
    return next(filter(_has_user, clients), clients[0])


def _user(issuer: Issuer, request: MintRequest, client: Client) -> User | None:
    """The user named, or the first that may log in; ``None`` where the client acts only for itself."""
    known, named = issuer.settings.users, request.user
    if named is None:
        if not _has_user(client):
            return None
        active = next((user for user in known.values() if not user.disabled), None)
        if active is None:
            raise MintRefused("The seed has no user who may log in", remedy="Add one under 'users' in the seed")
        return active
    if isinstance(named, Mapping):
        sub = str(named["sub"])
        return User(sub, sub, claims={name: value for name, value in named.items() if name != "sub"})
    user = issuer.user(named)
    if request.free:
        return user or User(named, named)
    if user is None:
        raise unknown("user", named, known, f"Add the user to the seed, name one of these, or {FREE}")
    if user.disabled:
        raise MintRefused(f"User {quoted(user.username)} is disabled and gets no token", remedy="Name another user")
    if not _has_user(client):
        raise MintRefused(
            f"Client {quoted(client.client_id)} has only the grant client_credentials and acts for itself",
            remedy=f"Leave user out, name another client, or {FREE}",
        )
    return user


def _has_user(client: Client) -> bool:
    return bool(client.grants - {names.CLIENT_CREDENTIALS})


def _audience(issuer: Issuer, request: MintRequest, client: Client) -> tuple[str, ...]:
    if request.token_type == "client-assertion":
        return _own_address(issuer, request)
    if request.token_type == "id-jag":
        return _other_issuer(issuer, request)
    if not request.free:
        _known_resources(issuer, request.audience)
    return issuer.audience(client, request.audience)


def _known_resources(issuer: Issuer, uris: tuple[str, ...]) -> None:
    try:
        for uri in uris:
            issuer.find_resource(uri, "audience")
    except OAuthError as error:
        raise MintRefused(error.reason, remedy=f"{error.remedy}, or {FREE}") from None


def _own_address(issuer: Issuer, request: MintRequest) -> tuple[str, ...]:
    """Whom a client assertion is for: this issuer (RFC 7523 section 3)."""
    own = (issuer.url, *(url for name in CLIENT_AUTHENTICATION for url in issuer.urls_of(name)))
    for uri in () if request.free else request.audience:
        if uri not in own:
            raise unknown("audience", uri, own, f"A client assertion is for its issuer; otherwise {FREE}")
    return request.audience or (issuer.url,)


def _other_issuer(issuer: Issuer, request: MintRequest) -> tuple[str, ...]:
    """Whom an ID-JAG is for: the issuer named, or one of this seed, rather one that trusts this issuer."""
    if request.audience:
        return request.audience
    others = [each for each in issuer.seed.issuers if each.name != issuer.name]
    others.sort(key=lambda each: issuer.name not in each.trusted_issuers)
    if not others:
        raise MintRefused(
            "An ID-JAG is for another issuer, and the seed has none",
            remedy="Name the issuer that it is for as audience",
        )
    return (issuer.sibling(others[0].name),)


def _scope(
    issuer: Issuer, request: MintRequest, client: Client, user: User | None, audience: tuple[str, ...]
) -> tuple[str, ...]:
    if request.scope is not None and request.free:
        return scope.parse(request.scope)
    resources = issuer.audience_resources(request.resource if request.token_type == "id-jag" else audience)
    if request.scope is None:
        requested = policy.default_scopes(issuer.seed, issuer.settings, client, resources)
    else:
        requested = scope.parse(request.scope)
        for name in requested:
            if name not in issuer.seed.scopes:
                raise unknown("scope", name, issuer.seed.scopes, f"Add it to the seed, or {FREE}")
    decision = policy.decide(requested, issuer.seed, client, user, resources)
    if request.scope is not None and decision.withheld:
        raise MintRefused(
            f"The issuer would not grant this: {decision.explanation()}",
            remedy=f"Request less, allow it in the seed, or {FREE}",
        )
    return decision.granted
