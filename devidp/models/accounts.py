"""Who takes part: users and clients, and how long what they get lives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from devidp.models.client_settings import ClientSettings
from devidp.models.shape import TokenShape
from devidp.oauth import redirect_uri

ConsentMode = Literal["required", "remembered", "skipped"]
Redirects = Literal["registered", "loopback", "any"]
DocumentOrigin = Literal["fetched", "built in", "not fetched"]
SigningAlgorithm = Literal["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
SecondFactor = Literal["none", "totp", "push"]
AccessTokenFormat = Literal["jwt", "opaque"]
RefreshTokenFormat = Literal["opaque", "jwt"]


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

    @property
    def longest(self) -> int:
        longest: int = max(getattr(self, name) for name in self.__slots__)
        return longest


@dataclass(frozen=True, slots=True)
class User:
    """A person who can log in. ``scopes`` of ``None`` means every scope of the seed."""

    username: str
    sub: str
    password: str | None = field(default=None, repr=False)
    """As the seed has it, in plain text."""
    claims: Mapping[str, Any] = field(default_factory=dict)
    scopes: frozenset[str] | None = None
    mfa: SecondFactor = "none"
    """What the user can add to a password or a click: a code, or an answer on another device."""
    disabled: bool = False
    unlisted: bool = False
    """Nobody has named this user, and the issuer takes whoever comes."""
    password_hash: str | None = field(default=None, repr=False)
    """In place of ``password``, where the user was changed at run time and is in a database."""

    @property
    def has_password(self) -> bool:
        return self.password is not None or self.password_hash is not None


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
    """``None``: that of the resource, or of the issuer."""
    access_token: TokenShape | None = None
    """What its access tokens say otherwise than those of other clients."""
    id_token: TokenShape | None = None
    userinfo: TokenShape | None = None
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
    refresh_token_format: RefreshTokenFormat | None = None
    """``None``: that of the issuer."""
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    frontchannel_logout_uri: str | None = None
    consent: ConsentMode = "remembered"
    settings: ClientSettings | None = None
    """What it has otherwise than the issuer; ``None``: nothing."""
    client_ids: Mapping[str, str] = field(default_factory=dict)
    """What other issuers know it by, by their name in the seed or their URL; by its ``client_id`` otherwise."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """What it registered, for the answer of the registration endpoint and the consent page."""
    registered: bool = False
    document: DocumentOrigin | None = None
    """Where the document came from that describes it (Client ID Metadata Document); ``None``: it is no such client."""
    unlisted: bool = False
    """Nobody has named or registered it, and the issuer takes it as it comes: with any secret, or none."""
    redirects: Redirects = "registered"
    """Where a browser may be sent for it: where it has said, or anywhere on this machine, or anywhere at all."""
    disabled: bool = False
    """A disabled client is refused everywhere, and its tokens are inactive."""
    unused: bool = False
    """Registered, and without a token so far: such a registration does not stay for ever."""

    @property
    def public(self) -> bool:
        return "none" in self.auth_methods

    def may_redirect(self, uri: str, registered: Iterable[str]) -> bool:
        """Whether a browser may be sent to ``uri``: one of ``registered``, or of those that need not be."""
        if self.redirects == "registered":
            return redirect_uri.find(registered, uri) is not None
        return redirect_uri.problem(uri) is None and (self.redirects == "any" or redirect_uri.is_loopback(uri))
