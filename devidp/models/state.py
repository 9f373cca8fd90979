"""Authorizations, sessions and registrations, as they are issued and stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from devidp.models.accounts import Client, User


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFacts:
    """Facts of a login and its request, stored from the authorization endpoint to the last refresh."""

    state: str | None = None
    acr: str | None = None
    amr: tuple[str, ...] = ()
    """How the user logged in (RFC 8176)."""
    sid: str = ""
    """The session of the login; empty where there was none."""
    id_token_claims: tuple[str, ...] = ()
    """Claims that the request named one by one for the ID token (OpenID Connect Core section 5.5)."""
    userinfo_claims: tuple[str, ...] = ()
    """Claims that the request named one by one for UserInfo."""

    def login_facts(self) -> dict[str, Any]:
        """These facts, as keywords for another record."""
        return {name: getattr(self, name) for name in LoginFacts.__slots__}


@dataclass(frozen=True, slots=True)
class Authorization(LoginFacts):
    """The result of any grant: who may do what through whom. The issuer turns it into tokens."""

    client: Client
    grant_type: str
    scope: tuple[str, ...]
    audience: tuple[str, ...]
    user: User | None = None
    """``None``: the client acts for itself."""
    grant_id: str | None = None
    """Ties every token of one authorization together, so that all of them can be revoked."""
    auth_time: int | None = None
    nonce: str | None = None
    jkt: str | None = None
    """Thumbprint of the key that the access token is bound to (RFC 9449 section 6.1)."""
    actor: Mapping[str, Any] | None = None
    """Who acts in the name of the user (RFC 8693 section 4.1)."""
    issued_token_type: str | None = None
    """The type of token that an exchange issues; there is no ID token then."""
    refresh_handle: str | None = None
    """What the refresh token to hand out is stored under; ``None``: there is none."""
    faults: list[str] = field(default_factory=list, compare=False)
    """Names of the armed faults that its tokens have."""


@dataclass(frozen=True, slots=True)
class StoredGrant(LoginFacts):
    """What a code and a refresh token are stored with; they themselves are only there as hashes."""

    grant_id: str
    client_id: str
    username: str
    scope: tuple[str, ...]
    resources: tuple[str, ...]
    auth_time: int
    expires_at: int
    used_at: int | None = None
    jkt: str | None = None
    """Thumbprint of the key that it is bound to (RFC 9449)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCode(StoredGrant):
    """What an authorization code stands for (OAuth 2.1 section 1.3.1)."""

    redirect_uri: str
    redirect_uri_sent: bool
    code_challenge: str | None
    code_challenge_method: str | None
    nonce: str | None
    access_type: str = ""
    """A parameter of Google: ``offline`` asks for a refresh token."""


@dataclass(frozen=True, slots=True)
class RefreshToken(StoredGrant):
    """What a refresh token stands for (OAuth 2.1 section 1.3.2)."""


class DeviceCode(NamedTuple):
    """What a device has asked for (RFC 8628); its device code is only there as a hash."""

    grant_id: str
    client_id: str
    user_code: str
    scope: tuple[str, ...]
    resources: tuple[str, ...]
    interval: int
    expires_at: int


class DeviceDecision(NamedTuple):
    """What a user has decided on a device code; ``username`` is ``None`` for a denial."""

    username: str | None
    scope: tuple[str, ...] = ()
    auth_time: int | None = None
    acr: str | None = None
    amr: tuple[str, ...] = ()
    sid: str = ""
    """The session in which it was decided."""


class Session(NamedTuple):
    """A browser that has logged in at one issuer."""

    username: str
    auth_time: int
    expires_at: int
    amr: tuple[str, ...] = ()
    """How the user logged in (RFC 8176)."""
    sid: str = ""
    """What clients know it by; the same when the user logs in again in the same browser."""
    user_agent: str = ""
    """What the browser calls itself."""


class Push(NamedTuple):
    """A question on the device of a user: is it you who logs in?"""

    id: str
    username: str
    client_id: str
    sent_at: int


@dataclass(frozen=True, slots=True)
class PushedRequest:
    """A pushed authorization request as stored (RFC 9126); ``parameters`` is a query string."""

    client_id: str
    parameters: str
    expires_at: int
    signed: bool
    """Whether they came in a signed request object."""


class Grant(NamedTuple):
    """An authorization that a user gave, as it is stored until nothing of it lives any more."""

    grant_id: str
    client_id: str
    username: str
    sid: str = ""
    """The session in which it was given; empty where there was none."""
    offline: bool = False
    """Whether it outlives the session: the client was granted offline_access."""


class GrantState(NamedTuple):
    """What has become of a grant."""

    grant: Grant
    alive: bool
    """Whether neither it nor one that it came of has ended."""
    keep_until: int
    """After that nothing of it lives any more."""


class Consent(NamedTuple):
    """What a user has agreed to, and is not asked again."""

    client_id: str
    scopes: tuple[str, ...]
    granted_at: int


class Registration(NamedTuple):
    """A registered client as stored; its registration access token is only there as a hash."""

    metadata: Mapping[str, Any]
    registered_at: int
    secret_generation: int = 0
    """How often the secret has been replaced."""
    expires_at: int | None = None
    """When it may be deleted; ``None``: it has been used, and stays."""
