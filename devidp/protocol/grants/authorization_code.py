"""The authorization code grant at the token endpoint (OAuth 2.1 section 4.1.3)."""

from __future__ import annotations

from typing import ClassVar

from authlib.oauth2.rfc6749 import AuthorizationCodeGrant

from devidp.models import Authorization, AuthorizationCode, RefreshToken
from devidp.oauth.errors import InvalidGrant, quoted
from devidp.oauth.response_type import RESPONSE_TYPES, parts
from devidp.protocol.grants.base import ProvingGrant
from devidp.protocol.models import ProtocolClient, ProtocolCode

SECTION = "OAuth 2.1 section 4.1.3"


class AuthorizationCodeExchange(ProvingGrant, AuthorizationCodeGrant):
    """A code becomes tokens, once; a second use revokes the tokens of the first."""

    RESPONSE_TYPES: ClassVar[frozenset[str]] = frozenset(name for name in RESPONSE_TYPES if "code" in parts(name))

    def query_authorization_code(self, code: str, client: ProtocolClient) -> ProtocolCode:
        record = self.issuer.store.find_code(code)
        if record is None:
            raise InvalidGrant(
                f"The code is not known to issuer {self.issuer.url}",
                remedy="Start again at the authorization endpoint; a code is good once, soon, and where it was issued",
                section=SECTION,
            )
        self.note_flow(record.grant_id, record.state)
        self.check_owner(record.client_id, "code", SECTION)
        if record.used_at is not None:
            raise self._replay(record)
        self.check_alive(record.grant_id, "code", SECTION)
        self._check_age(record, client)
        self._check_redirect_uri(record)
        return ProtocolCode(code, record)

    def _check_age(self, record: AuthorizationCode, client: ProtocolClient) -> None:
        age = self.issuer.clock.now() - record.expires_at
        if age >= 0:
            lifetime = self.issuer.lifetimes(client.record).authorization_code
            raise InvalidGrant(
                f"The code expired {age:.0f} s ago; codes of this issuer live {lifetime} s",
                remedy="Exchange it sooner, or raise lifetimes.authorization_code in the seed",
                section=SECTION,
            )

    def _check_redirect_uri(self, record: AuthorizationCode) -> None:
        sent = self.request.parameters.get("redirect_uri")
        # OAuth 2.1 drops the parameter here: the proof key does its work
        if sent is None and (record.code_challenge is not None or not record.redirect_uri_sent):
            return
        if sent != record.redirect_uri:
            raise InvalidGrant(
                f"The redirect_uri is {quoted(sent or '')}, the authorization request had "
                f"{quoted(record.redirect_uri)}",
                remedy="Send the same redirect_uri, character by character",
                section="RFC 6749 section 4.1.3",
                got=sent or "",
                expected=[record.redirect_uri],
            )

    def _replay(self, record: AuthorizationCode) -> InvalidGrant:
        """The refusal of a second use, which revokes the tokens of the first."""
        self.issuer.store.grants.end(record.grant_id)
        return InvalidGrant(
            "The code has been used before; every token issued for it is revoked now",
            remedy="Use a code once: look for a request that is sent twice, or a code that leaked",
            section=SECTION,
        )

    def prove(self) -> Authorization:
        record: AuthorizationCode = self.request.authorization_code.record
        self.check_key(record.jkt, "code")
        return self.resume(
            record,
            record.username,
            record.scope,
            auth_time=record.auth_time,
            nonce=record.nonce,
            refresh_handle=self.first_refresh_handle(record.scope, record.access_type),
            **record.login_facts(),
        )

    def consume(self, authorization: Authorization) -> bool:
        code: ProtocolCode = self.request.authorization_code
        record, client, now = code.record, authorization.client, self.issuer.clock.seconds()
        refresh = RefreshToken(
            grant_id=record.grant_id,
            client_id=client.client_id,
            username=record.username,
            scope=record.scope,
            resources=record.resources,
            auth_time=record.auth_time,
            expires_at=now + self.issuer.lifetimes(client).refresh_token,
            jkt=authorization.jkt if client.public else None,
            **record.login_facts(),
        )
        keep_until = self.issuer.keep_until(client)
        return self.issuer.store.consume_code(code.code, now, keep_until, authorization.refresh_handle, refresh)

    def check_replay(self) -> None:
        raise self._replay(self.request.authorization_code.record)
