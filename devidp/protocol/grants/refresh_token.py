"""The refresh token grant (OAuth 2.1 section 4.3): rotation, and reuse that ends the family."""

from __future__ import annotations

from dataclasses import replace

from authlib.oauth2.rfc6749 import InvalidScopeError, RefreshTokenGrant

from devidp.issuer import resource_scope
from devidp.models import Authorization, RefreshToken
from devidp.oauth import names, scope
from devidp.oauth.errors import InvalidGrant, InvalidScope, quoted
from devidp.protocol import target
from devidp.protocol.grants.base import ProvingGrant
from devidp.protocol.models import ProtocolRefreshToken

SECTION = "OAuth 2.1 section 4.3"
RESTART = "Send the user to the authorization endpoint again"


class RefreshTokenExchange(ProvingGrant, RefreshTokenGrant):
    """A refresh token becomes an access token and its successor."""

    def validate_token_request(self) -> None:
        try:
            super().validate_token_request()
        except InvalidScopeError:
            raise InvalidScope(
                f"The scope {quoted(self.request.parameters.get('scope', ''))} goes beyond what was granted",
                remedy="Ask for a part of the granted scope, or leave scope out; a wider one needs the user",
                section="OAuth 2.1 section 4.3.1",
            ) from None

    def authenticate_refresh_token(self, refresh_token: str) -> ProtocolRefreshToken:
        handle = self.issuer.refresh_handle(refresh_token)
        record = find(self, handle)
        return ProtocolRefreshToken(handle, record, self._usable(record))

    def prove(self) -> Authorization:
        client, presented = self.request.client.record, self.request.refresh_token
        record: RefreshToken = presented.usable
        self.check_key(record.jkt, "refresh token")
        successor = self.issuer.next_refresh_handle(presented.handle) if client.rotate_refresh_tokens else None
        return self.resume(
            record,
            record.username,
            scope.parse(self.request.parameters.get("scope")) or record.scope,
            auth_time=record.auth_time,
            refresh_handle=successor,
            **record.login_facts(),
        )

    def consume(self, authorization: Authorization) -> bool:
        presented: ProtocolRefreshToken = self.request.refresh_token
        record, successor = presented.record, authorization.refresh_handle
        if successor is None or record.used_at is not None:
            return True
        now = self.issuer.clock.seconds()
        fresh = replace(record, expires_at=now + self.issuer.lifetimes(authorization.client).refresh_token)
        return self.issuer.store.rotate_refresh_token(presented.handle, now, successor, fresh)

    def _usable(self, record: RefreshToken) -> RefreshToken:
        """What ``record`` is good for here: where scopes name their resource, for any to which the user agreed."""
        issuer, client = self.issuer, self.request.client.record
        named = target.named(self.request.parameters)
        granted = issuer.audience(client, record.resources)
        if not issuer.settings.resource_in_scope or len(named) != 1 or issuer.is_among(granted, named[0]):
            return record
        place = issuer.find_resource(named[0], target.spelling(self.request.parameters)).uri
        agreed = resource_scope.agreed(issuer, client, record.username, place)
        wanted = scope.parse(self.request.parameters.get("scope"))
        if not agreed or (beyond := [name for name in wanted if name not in {*agreed, *names.OPENID_SCOPES}]):
            raise InvalidGrant(
                f"consent_required: user {record.username} has not agreed that client {quoted(client.client_id)} has "
                f"{quoted(scope.join(beyond if agreed else wanted) or resource_scope.ALL)} at {place}",
                remedy="Send the user to the authorization endpoint with this scope",
                section=SECTION,
            )
        about_user = (name for name in record.scope if name in names.OPENID_SCOPES)
        return replace(record, resources=named, scope=(*about_user, *agreed))

    def check_replay(self) -> None:
        _check_reuse(self, self.request.refresh_token.record, self.issuer.clock.seconds())


def find(grant: ProvingGrant, handle: str) -> RefreshToken:
    """The refresh token that the client of the request may use now; raises InvalidGrant."""
    issuer, facts = grant.issuer, grant.request.facts
    record = issuer.store.find_refresh_token(handle)
    if record is None:
        raise _refusal(f"The refresh token is not known to issuer {issuer.url}")
    facts.user = record.username
    grant.note_flow(record.grant_id, record.state)
    # whose it is comes first: a stranger who replays a token must not end the owner's family
    grant.check_owner(record.client_id, "refresh token", SECTION)
    grant.check_alive(record.grant_id, "refresh token", SECTION)
    if record.used_at is not None:
        _check_reuse(grant, record, record.used_at)
    if record.expires_at <= issuer.clock.now():
        raise _refusal(f"The refresh token expired {issuer.clock.now() - record.expires_at:.0f} s ago")
    return record


def _check_reuse(grant: ProvingGrant, record: RefreshToken, used_at: int) -> None:
    """Nothing within the grace window; after it the whole family is revoked (OAuth 2.1 section 4.3.1)."""
    issuer = grant.issuer
    now, grace = issuer.clock.seconds(), issuer.settings_for(grant.request.client.record).refresh_grace
    # a clock that was set back must not make a used token look fresh for ever
    if abs(now - used_at) < grace:
        grant.request.facts.detail = f"repeated within the grace window of {grace} s"
        return
    issuer.store.grants.end(record.grant_id)
    raise InvalidGrant(
        f"The refresh token was used {now - used_at} s ago; every token of this authorization is revoked now",
        remedy="Keep the newest refresh token, never refresh twice in parallel, or set refresh_grace in the seed",
        section="OAuth 2.1 section 4.3.1",
    )


def _refusal(reason: str) -> InvalidGrant:
    return InvalidGrant(reason, remedy=RESTART, section=SECTION)
