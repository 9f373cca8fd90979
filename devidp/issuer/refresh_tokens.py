"""The refresh tokens of one issuer: what they are stored under, and the text in which clients get them.

A row is found by the hash of a handle. To a client the handle itself is the token, or a JWT around it.
"""

from __future__ import annotations

from typing import Any

from devidp.issuer.drafts import Drafts
from devidp.keys import tokens
from devidp.models import Authorization, Client, RefreshToken
from devidp.oauth import scope
from devidp.oauth.identifiers import random_token

_IN_JWT = ".."
"""How a handle begins that clients know as a JWT. Who sends it as it is has sent a JWT without a signature."""


class RefreshTokens(Drafts):
    """Refresh tokens from the first of a family to the last."""

    def first_refresh_handle(self, client: Client) -> str:
        """The handle of a new family, in the format that ``client`` has now."""
        wanted = client.refresh_token_format or self.settings.refresh_token_format
        return f"{_IN_JWT if wanted == 'jwt' else ''}{random_token()}"

    def next_refresh_handle(self, handle: str) -> str:
        """The successor: it follows from ``handle``, so that the grace window gives the same one without keeping it."""
        return f"{_IN_JWT if handle.startswith(_IN_JWT) else ''}{self.derive('refresh_token', handle)}"

    def refresh_handle(self, token: str) -> str:
        """What ``token`` is stored under, if it is one of this issuer."""
        if token.count(".") < 2:
            return token
        claims = tokens.verify_with_secret(token, self._refresh_secret())
        return "" if claims is None else f"{_IN_JWT}{claims['jti']}"

    def refresh_token(self, handle: str) -> str:
        """``handle``, which is stored, as its client gets it."""
        if not handle.startswith(_IN_JWT):
            return handle
        record = self.store.find_refresh_token(handle)
        assert record is not None
        claims = self._refresh_claims(record) | {"jti": handle.removeprefix(_IN_JWT)}
        header = {"alg": "HS256", "typ": "JWT", "kid": self.derive("refresh_token_kid", "")}
        return tokens.sign_with_secret(tokens.json_bytes(header), tokens.json_bytes(claims), self._refresh_secret())

    def _refresh_claims(self, record: RefreshToken) -> dict[str, Any]:
        """As Keycloak has them: no specification says what is in a refresh token."""
        user, client = self.user(record.username), self.find_client(record.client_id)
        claims = {
            "exp": record.expires_at,
            "iat": self.clock.seconds(),
            "iss": self.url,
            "aud": self.url,
            "sub": None if user is None or client is None else self.subject(user, client),
            "typ": "Offline" if "offline_access" in record.scope else "Refresh",
            "azp": record.client_id,
            "sid": record.sid or None,
            "scope": scope.join(record.scope),
        }
        return {name: value for name, value in claims.items() if value is not None}

    def _refresh_secret(self) -> bytes:
        # only the issuer reads them: its public keys must not make others take one for an access token
        return self.derive("refresh_token_key", "").encode()

    def new_refresh_token(self, authorization: Authorization, resources: tuple[str, ...]) -> str:
        """A refresh token of ``authorization``, which has a user, stored as the first of its family."""
        handle = self.first_refresh_handle(authorization.client)
        self.add_refresh_token(handle, authorization, resources)
        return self.refresh_token(handle)

    def add_refresh_token(
        self, handle: str, authorization: Authorization, resources: tuple[str, ...], jkt: str | None = None
    ) -> None:
        """Store ``handle`` as the first of the family of ``authorization``; ``jkt`` is the key that it is bound to."""
        assert authorization.user is not None
        assert authorization.grant_id is not None
        now = self.clock.seconds()
        record = RefreshToken(
            grant_id=authorization.grant_id,
            client_id=authorization.client.client_id,
            username=authorization.user.username,
            scope=authorization.scope,
            resources=resources,
            auth_time=now if authorization.auth_time is None else authorization.auth_time,
            expires_at=now + self.lifetimes(authorization.client).refresh_token,
            jkt=jkt,
            **authorization.login_facts(),
        )
        self.store.add_refresh_token(handle, record)

    def find_refresh_token(self, token: str) -> RefreshToken | None:
        """What is stored of ``token``, whatever became of it."""
        handle = self.refresh_handle(token)
        return self.store.find_refresh_token(handle) if handle else None

    def read_refresh_token(self, token: str) -> RefreshToken | None:
        """What is stored of ``token`` if it is valid at this moment, or ``None``."""
        record = self.find_refresh_token(token)
        if record is None or record.used_at is not None or record.expires_at <= self.clock.now():
            return None
        return record if self.store.grants.is_alive(record.grant_id) else None
