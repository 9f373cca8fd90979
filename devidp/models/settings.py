"""What the seed says: scopes, resources, policy, and the settings of each issuer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from devidp.models.accounts import AccessTokenFormat, Client, Lifetimes, RefreshTokenFormat, SigningAlgorithm, User
from devidp.models.client_settings import (
    AskSecondFactor,
    ClientAuthentication,
    RefreshTokens,
    StepUp,
    UnknownScopes,
)
from devidp.models.shape import TokenShape
from devidp.oauth import names

UnfetchableDocuments = Literal["refuse", "loopback"]
UserScopes = Literal["refuse", "ignore"]
UnknownResources = Literal["refuse", "loopback", "accept"]
UnknownUsers = Literal["refuse", "accept"]
UnknownClients = Literal["refuse", "loopback", "accept"]
ConfirmLogout = Literal["unproven", "always", "never"]
SubjectMatch = Literal["sub", "username", "email"]


class Scope(NamedTuple):
    """A scope: its sentence on the consent page, and the claims that it releases (OpenID Connect Core section 5.4)."""

    name: str
    description: str
    claims: tuple[str, ...] = ()


class Resource(NamedTuple):
    """A protected resource: the audience, and the scopes that mean something there (RFC 8707)."""

    uri: str
    scopes: frozenset[str] | None = None
    """``None``: every scope of the seed."""
    name: str = ""
    access_token_format: AccessTokenFormat | None = None
    """``None``: that of the issuer."""
    signing_algorithm: str | None = None
    """Of the access tokens for it; ``None``: that of the issuer."""
    access_token: TokenShape | None = None
    """What access tokens for it say otherwise."""


class PolicyRule(NamedTuple):
    """One line of the policy. ``None`` for users or clients means all of them.

    Of the scopes of a matching user and client, ``allow`` keeps only these, ``deny`` takes these away.
    """

    users: frozenset[str] | None = None
    clients: frozenset[str] | None = None
    allow: frozenset[str] | None = None
    deny: frozenset[str] = frozenset()


class TrustedIssuer(NamedTuple):
    """Where the keys of another issuer are, and how its users are found; one of the same seed needs no keys."""

    jwks: Mapping[str, Any] | None = None
    jwks_uri: str | None = None
    match: SubjectMatch = "sub"


@dataclass(frozen=True, slots=True)
class IssuerSettings:
    """What the seed says of one issuer."""

    name: str
    path: str
    """What goes behind the base to the issuer's URL: ``/default``, ``/a/b/``, or empty for the root."""
    url: str | None = None
    """The issuer's URL in full, on a host of its own, in place of the path."""
    follow_host: tuple[str, ...] = ()
    """Names of hosts under which it is another issuer, with that name in its URL; ``*`` for each that is admitted."""
    endpoints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Where the endpoints are that were moved: below the issuer, the host's root with a slash, or elsewhere in full."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Members of the metadata that are not derived; ``None`` takes one away."""
    issuer_document: Mapping[str, Any] = field(default_factory=dict)
    """The JSON at the issuer's URL; empty: there is a page for everybody (``devidp.models.issuer_document``)."""
    profile: str | None = None
    """The profile that it starts from, as the seed names it."""
    lifetimes: Lifetimes = field(default_factory=Lifetimes)
    signing_algorithm: SigningAlgorithm = "RS256"
    key_size: int | None = None
    """Bits of its RSA keys; ``None``: 2048 for a generated one, and any for an imported one."""
    signing_key: str | None = field(default=None, repr=False)
    """Text of an imported private key, PEM or JWK; ``None``: generated once for the data folder."""
    grants: frozenset[str] = frozenset(names.DEFAULT_GRANTS)
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
    client_authentication: ClientAuthentication = "strict"
    """Whether a secret comes in the way that its client is registered for, in the header or the body, or in both."""
    json_requests: bool = False
    """Whether the parameters of a request that an application sends may come as JSON in place of a form."""
    dpop_nonce: bool = False
    """Whether a DPoP proof needs a nonce of the issuer (RFC 9449 section 8)."""
    pkce_required: bool = True
    pkce_plain: bool = False
    refresh_tokens: RefreshTokens = "always"
    """Whether a client with the grant gets a refresh token always, or for the scope offline_access: with
    ``prompt=consent``, or whatever was requested beside it."""
    refresh_grace: int = 0
    """Seconds in which a used refresh token is answered with its successor again."""
    refresh_token_format: RefreshTokenFormat = "opaque"
    open_introspection: bool = False
    """Whether introspection answers whoever asks, as at an address that only servers reach."""
    introspection_token: str | None = field(default=None, repr=False)
    """Bearer token that may stand in place of a client at introspection."""
    open_revocation: bool = False
    """Whether whoever has a token may revoke it."""
    initial_access_token: str | None = field(default=None, repr=False)
    """Bearer token that the registration endpoint asks for; ``None``: registration is open."""
    unused_registrations: int = 30 * 86400
    """Seconds after which a registration that was never used is deleted."""
    unfetchable_documents: UnfetchableDocuments = "refuse"
    """A client whose document cannot be fetched is refused, or accepted with loopback redirects only."""
    confirm_logout: ConfirmLogout = "unproven"
    """When a person is asked before a logout: where no ID token of the session came, always, or never."""
    logout_redirect_parameters: tuple[str, ...] = ()
    """Other names of ``post_logout_redirect_uri``."""
    revoke_on_logout: bool = True
    """Whether a logout ends the tokens of the session, those with offline_access excepted."""
    token_response: Mapping[str, Any] = field(default_factory=dict)
    """Further members of the answer of the token endpoint, with templates (``devidp.models.template``)."""
    logout_by_refresh_token: bool = False
    """Whether a client may end the session of its refresh token without a browser."""
    failed_logins: int | None = None
    """How many logins and user codes of one address may be wrong in ``failed_logins_within`` seconds; ``None``: any."""
    failed_logins_within: int = 600
    auto_approve: str | None = None
    """Name of the user who is logged in and consents without a page."""
    default_scopes: tuple[str, ...] | None = None
    default_audience: str | None = None
    step_up: StepUp = "registered"
    """Which clients keep the scopes that they have for a resource when they ask for a further one."""
    unknown_clients: UnknownClients = "refuse"
    """What becomes of a client that nobody has named or registered; ``loopback``: its answers stay on this machine."""
    unknown_users: UnknownUsers = "refuse"
    """What becomes of somebody who logs in under a name that nobody has."""
    unknown_scopes: UnknownScopes = "refuse"
    unknown_resources: UnknownResources = "refuse"
    user_scopes: UserScopes = "refuse"
    """What becomes of a client that acts for itself and requests nothing but scopes about users."""
    short_grant_types: bool = False
    """Whether ``grant_type`` may be the last part of a URN, such as device_code."""
    resource_in_scope: bool = False
    """Whether a scope may name its resource, which the token is for then."""
    acr_values: Mapping[str, int] = field(default_factory=lambda: {"1": 1, "2": 2})
    """Authentication context classes (OpenID Connect Core section 2), and how many factors each takes."""
    second_factor: AskSecondFactor = "requested"
    """Whether users who have a second factor are asked for it when a request wants it, or at every login."""
    access_token_format: AccessTokenFormat = "jwt"
    """Of access tokens where neither the client nor a resource says otherwise."""
    access_token_claims: tuple[str, ...] = ("roles", "groups", "entitlements", "permissions", "org_id", "tenant_id")
    """Claims of the user that are copied into access tokens."""
    claims_in_id_token: bool = False
    """Release the claims of the scopes in the ID token too, beside UserInfo."""
    access_token: TokenShape | None = None
    """What its access tokens say otherwise; those of resources and clients come on top."""
    id_token: TokenShape | None = None
    userinfo: TokenShape | None = None
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
