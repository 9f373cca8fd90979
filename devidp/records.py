"""Frozen records: what the seed, registration and the store turn foreign data into.

Owns shapes. Does not own behaviour, storage, or the time: instants are whole seconds since the epoch,
durations are whole seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from devidp.oauth import names

ConsentMode = Literal["required", "remembered", "skipped"]
UnfetchableDocuments = Literal["refuse", "loopback"]
DocumentOrigin = Literal["fetched", "built in", "not fetched"]
UnknownScopes = Literal["refuse", "ignore"]
UnknownResources = Literal["refuse", "loopback", "accept"]
ConfirmLogout = Literal["unproven", "always"]
SigningAlgorithm = Literal["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
AccessTokenFormat = Literal["jwt", "opaque"]
RefreshTokens = Literal["always", "offline_access"]
SubjectMatch = Literal["sub", "username", "email"]
RegistrationMode = Literal["open", "token", "off"]


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long things live, in seconds."""

    access_token: int = 3600
    refresh_token: int = 30 * 86400
    id_token: int = 600
    authorization_code: int = 60
    pushed_request: int = 60
    device_code: int = 600
    session: int = 8 * 3600


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope: its sentence on the consent page, and the claims that it releases (OpenID Connect Core section 5.4)."""

    name: str
    description: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """A protected resource: the audience, and the scopes that mean something there (RFC 8707)."""

    uri: str
    scopes: frozenset[str] | None = None
    """``None``: every scope of the seed."""
    name: str = ""
    access_token_format: AccessTokenFormat = "jwt"
    signing_algorithm: str | None = None
    """Of the access tokens for it; ``None``: that of the issuer."""


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One line of the policy. ``None`` for users or clients means all of them.

    Of the scopes of a matching user and client, ``allow`` keeps only these, ``deny`` takes these away.
    """

    users: frozenset[str] | None = None
    clients: frozenset[str] | None = None
    allow: frozenset[str] | None = None
    deny: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class User:
    """A person who can log in. ``scopes`` of ``None`` means every scope of the seed."""

    username: str
    sub: str
    password: str | None = field(default=None, repr=False)
    claims: Mapping[str, Any] = field(default_factory=dict)
    scopes: frozenset[str] | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """An OAuth client, from the seed or registered at run time (RFC 7591)."""

    client_id: str
    name: str
    secret: str | None = field(default=None, repr=False)
    """``None``: a public client."""
    auth_methods: frozenset[str] = frozenset({"none"})
    auth_signing_alg: str | None = None
    """The algorithm of its assertions; ``None``: any that the issuer takes."""
    id_token_signed_response_alg: str | None = None
    """``None``: the algorithm of the issuer."""
    userinfo_signed_response_alg: str | None = None
    """``None``: UserInfo is plain JSON."""
    introspection_signed_response_alg: str | None = None
    """``None``: the algorithm of the issuer, where the client asks for a JWT."""
    access_token_format: AccessTokenFormat | None = None
    """``None``: that of the resource, or JWT."""
    jwks: Mapping[str, Any] | None = None
    """Its public keys, as a JWK Set (RFC 7517)."""
    jwks_uri: str | None = None
    """Where its public keys are, in place of ``jwks``."""
    redirect_uris: tuple[str, ...] = ()
    grants: frozenset[str] = frozenset({"authorization_code", "refresh_token"})
    response_types: frozenset[str] = frozenset({"code"})
    scopes: frozenset[str] | None = None
    """What it may ask for; ``None`` means every scope of the seed."""
    default_scopes: tuple[str, ...] | None = None
    """What it gets when it asks for no scope; ``None`` leaves it to the resource and the issuer."""
    default_audience: str | None = None
    lifetimes: Lifetimes | None = None
    """``None``: those of the issuer."""
    dpop_bound: bool = False
    """Whether it gets tokens only with a DPoP proof (RFC 9449 section 5.2)."""
    sector: str | None = None
    """Clients of one sector share pairwise subjects (OpenID Connect Core section 8.1); ``None``: its are public."""
    rotate_refresh_tokens: bool = True
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    frontchannel_logout_uri: str | None = None
    consent: ConsentMode = "remembered"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """What it registered, for the answer of the registration endpoint and the consent page."""
    registered: bool = False
    document: DocumentOrigin | None = None
    """Where the document came from that describes it (Client ID Metadata Document); ``None``: it is no such client."""
    disabled: bool = False
    """A disabled client is refused everywhere, and its tokens are inactive."""
    unused: bool = False
    """Registered, and without a token so far: such a registration does not stay for ever."""

    @property
    def public(self) -> bool:
        return "none" in self.auth_methods


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """Where the keys of another issuer are, and how its users are found; one of the same seed needs no keys."""

    jwks: Mapping[str, Any] | None = None
    jwks_uri: str | None = None
    match: SubjectMatch = "sub"


@dataclass(frozen=True, slots=True)
class IssuerSettings:
    """What the seed says of one issuer."""

    name: str
    path: str
    """The path of the issuer's URL without a trailing slash: ``/default``, or empty for the root."""
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    signing_algorithm: SigningAlgorithm = "RS256"
    signing_key: str | None = field(default=None, repr=False)
    """Text of an imported private key, PEM or JWK; ``None``: generated once for the data folder."""
    grants: frozenset[str] = frozenset(names.GRANTS)
    features: frozenset[str] = frozenset(names.FEATURES) - names.OFF_BY_DEFAULT
    fetch_private_addresses: bool = False
    """Whether documents that clients name may be fetched from private addresses."""
    device_interval: int = 5
    """Seconds that a device waits between two polls."""
    impersonation: bool = True
    """Whether a token may be exchanged without saying who acts (RFC 8693 section 1.1)."""
    delegation: bool = True
    """Whether a token may be exchanged by an actor, who is named in it."""
    trusted_issuers: Mapping[str, TrustedIssuer] = field(default_factory=dict)
    """Whose assertions become access tokens, by name in the seed or by URL."""
    dpop_nonce: bool = False
    """Whether a DPoP proof needs a nonce of the issuer (RFC 9449 section 8)."""
    pkce_required: bool = True
    pkce_plain: bool = False
    refresh_tokens: RefreshTokens = "always"
    """Whether a client with the grant gets a refresh token always, or for the scope offline_access."""
    refresh_grace: int = 0
    """Seconds in which a used refresh token is answered with its successor again."""
    initial_access_token: str | None = field(default=None, repr=False)
    """Bearer token that the registration endpoint asks for; ``None``: registration is open."""
    unused_registrations: int = 30 * 86400
    """Seconds after which a registration that was never used is deleted."""
    unfetchable_documents: UnfetchableDocuments = "refuse"
    """What becomes of a client whose document cannot be fetched: refused, or taken with a loopback redirect alone."""
    confirm_logout: ConfirmLogout = "unproven"
    """When a person is asked before a logout: where no ID token of the session came, or always."""
    revoke_on_logout: bool = True
    """Whether a logout ends the tokens of the session, those with offline_access excepted."""
    auto_approve: str | None = None
    """Name of the user who is logged in and consents without a page."""
    default_scopes: tuple[str, ...] | None = None
    default_audience: str | None = None
    unknown_scopes: UnknownScopes = "refuse"
    unknown_resources: UnknownResources = "refuse"
    acr_values: tuple[str, ...] = ("1", "2")
    """Authentication context classes that any login here satisfies (OpenID Connect Core section 2)."""
    access_token_claims: tuple[str, ...] = ("roles", "groups", "entitlements", "permissions", "org_id", "tenant_id")
    """Claims of the user that are copied into access tokens."""
    claims_in_id_token: bool = False
    """Release the claims of the scopes in the ID token too, beside UserInfo."""
    users: Mapping[str, User] = field(default_factory=dict)
    clients: Mapping[str, Client] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seed:
    """A whole seed file, checked. The first issuer is the one that devidp names when it starts."""

    issuers: tuple[IssuerSettings, ...]
    scopes: Mapping[str, Scope]
    resources: Mapping[str, Resource]
    policy: tuple[PolicyRule, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFacts:
    """What is remembered of a login and of its request, from the authorization endpoint to the last refresh."""

    state: str | None = None
    acr: str | None = None
    amr: tuple[str, ...] = ()
    """How the user logged in (RFC 8176)."""
    sid: str = ""
    """The session that it came of; empty where there was none."""
    id_token_claims: tuple[str, ...] = ()
    """Claims that the request named one by one for the ID token (OpenID Connect Core section 5.5)."""
    userinfo_claims: tuple[str, ...] = ()
    """Claims that the request named one by one for UserInfo."""

    def remembered(self) -> dict[str, Any]:
        """These facts for a record that comes of this one."""
        return {each.name: getattr(self, each.name) for each in fields(LoginFacts)}


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
    """What came of a token exchange; there is no ID token then."""
    refresh_token: str | None = None
    """The refresh token to hand out, already stored; ``None``: none."""


@dataclass(frozen=True, slots=True)
class AuthorizationCode(LoginFacts):
    """An authorization code as stored; the code itself is only there as a hash."""

    grant_id: str
    client_id: str
    username: str
    redirect_uri: str
    redirect_uri_sent: bool
    scope: tuple[str, ...]
    resources: tuple[str, ...]
    code_challenge: str | None
    code_challenge_method: str | None
    nonce: str | None
    auth_time: int
    expires_at: int
    used_at: int | None = None
    jkt: str | None = None
    """Thumbprint of the key that it is bound to (RFC 9449)."""


@dataclass(frozen=True, slots=True)
class RefreshToken(LoginFacts):
    """A refresh token as stored; the token itself is only there as a hash."""

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


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a device has asked for (RFC 8628); its device code is only there as a hash."""

    grant_id: str
    client_id: str
    user_code: str
    scope: tuple[str, ...]
    resources: tuple[str, ...]
    interval: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class DeviceDecision:
    """What a user has decided on a device code; ``username`` is ``None`` for a denial."""

    username: str | None
    scope: tuple[str, ...] = ()
    auth_time: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that has logged in at one issuer."""

    username: str
    auth_time: int
    expires_at: int
    amr: tuple[str, ...] = ()
    """How the user logged in (RFC 8176)."""
    sid: str = ""
    """What clients know it by; the same when the user logs in again in the same browser."""


@dataclass(frozen=True, slots=True)
class PushedRequest:
    """A pushed authorization request as stored (RFC 9126); ``parameters`` is a query string."""

    client_id: str
    parameters: str
    expires_at: int
    signed: bool
    """Whether they came in a signed request object."""


@dataclass(frozen=True, slots=True)
class Login:
    """A client that got an authorization out of a session."""

    client_id: str
    grant_id: str
    offline: bool
    """Whether its tokens outlive the session: it was granted offline_access."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered client as stored; its registration access token is only there as a hash."""

    metadata: Mapping[str, Any]
    registered_at: int
    secret_generation: int = 0
    """How often the secret has been replaced."""
    expires_at: int | None = None
    """When it may be deleted; ``None``: it has been used, and stays."""


@dataclass(frozen=True, slots=True)
class Event:
    """One request and what became of it. Holds no token, code or secret."""

    endpoint: str
    issuer: str
    status: int
    at: float
    client: str = ""
    user: str = ""
    grant: str = ""
    scope: str = ""
    detail: str = ""
    outcome: str = ""
    error: str = ""
    reason: str = ""
    remedy: str = ""
    section: str = ""
    flow: str = ""
    """The same for every request of one authorization: from the login page over the code to the last refresh."""
