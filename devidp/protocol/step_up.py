"""Step-up: a client that has scopes for a resource asks for a further one, and is to have both.

The MCP authorization specification has clients ask for both themselves since 2026-07-28. Those before it ask for what
the resource server has just missed, and would lose what they had.
"""

from __future__ import annotations

from devidp.issuer.issuer import Issuer
from devidp.models import Client, User
from devidp.oauth import resource
from devidp.protocol.authorization import AuthorizationRequest


def held_scope(issuer: Issuer, request: AuthorizationRequest, user: User) -> tuple[str, ...]:
    """The scopes that ``user`` granted the client last for the same resources, where that was not revoked since."""
    client = request.client
    if not _keeps(issuer, client):
        return ()
    found = issuer.store.last_grants.find(
        client.client_id, user.username, _audience(issuer, request), issuer.clock.now()
    )
    if found is None or not issuer.store.grants.is_alive(found[0]):
        return ()
    return tuple(name for name in found[1] if name in issuer.seed.scopes)


def requested_scope(request: AuthorizationRequest, before: tuple[str, ...]) -> tuple[str, ...]:
    """What is asked for; where that goes beyond what was held ``before``, with this. Who asks for less gets less."""
    if set(request.scope) <= set(before):
        return request.scope
    return tuple(dict.fromkeys([*request.scope, *before]))


def remember(issuer: Issuer, request: AuthorizationRequest, user: User, scope: tuple[str, ...], grant_id: str) -> None:
    """Keep ``scope`` for the next step-up, as long as tokens of this authorization may live."""
    client = request.client
    if _keeps(issuer, client):
        lifetimes = issuer.lifetimes(client)
        keep_until = issuer.clock.seconds() + max(lifetimes.access_token, lifetimes.refresh_token)
        audience = _audience(issuer, request)
        issuer.store.last_grants.keep(client.client_id, user.username, audience, grant_id, scope, keep_until)


def _keeps(issuer: Issuer, client: Client) -> bool:
    # a client of the seed may be shared by tests: what one of them was granted must not turn up in the next
    setting = issuer.settings_for(client).step_up
    return setting == "always" or (setting == "registered" and (client.registered or client.document is not None))


def _audience(issuer: Issuer, request: AuthorizationRequest) -> str:
    named = tuple(each.uri for each in request.resources)
    audience = issuer.own_names(issuer.audience(request.client, named))
    return " ".join(sorted({resource.comparable(uri) for uri in audience}))
