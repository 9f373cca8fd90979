"""The model of an issuer."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from devidp.oauth import names, redirect_uri
from devidp.oauth.identifiers import composed
from devidp.seed import profile
from devidp.seed.acr_values import AcrValues
from devidp.seed.addresses import Endpoints, Followed, Members, Path, Url
from devidp.seed.choices import (
    ClaimName,
    ClientAuthentication,
    RefreshTokens,
    SecondFactor,
    StepUp,
    UnknownClients,
    UnknownResources,
    UnknownScopes,
    UnknownUsers,
    UserScopes,
)
from devidp.seed.client import Clients
from devidp.seed.defaults import ISSUER
from devidp.seed.entries import (
    ClientDocumentsEntry,
    DpopEntry,
    FailedLoginsEntry,
    FetchEntry,
    FilesEntry,
    IntrospectionEntry,
    LifetimesEntry,
    LogoutEntry,
    PkceEntry,
    RegistrationEntry,
    RevocationEntry,
    TokenExchangeEntry,
    TrustedIssuers,
    Users,
)
from devidp.seed.fields import EMPTY, NULL, Also, Before, Duration, DurationOrZero, Flag, Maybe, Text, choice, text
from devidp.seed.issuer_document import IssuerDocument
from devidp.seed.keys import InlineKey, KeyFile
from devidp.seed.problems import Refused
from devidp.seed.references import (
    AccessTokenFormat,
    GrantName,
    KeySize,
    RefreshTokenFormat,
    ResourceName,
    ScopeName,
    SigningAlgorithm,
    references,
)
from devidp.seed.shape import TokenShapeOrNone, UserinfoShapeEntry
from devidp.seed.token_response import TokenResponse

FeatureName = Annotated[str, Before(choice(names.FEATURES))]
Features = Annotated[
    dict[FeatureName, Flag],
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name: {"type": "boolean", "default": name not in names.OFF_BY_DEFAULT, "description": words}
                for name, words in names.FEATURES.items()
            },
        }
    ),
]


class _NamesOfProfiles:
    """The profiles that come with devidp, for completion; read when somebody asks for the schema."""

    def __get_pydantic_json_schema__(self, _core: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"enum": profile.names()}, {"type": "string", "pattern": r"[/\\]|\.ya?ml$"}]}


ProfileName = Annotated[str, Before(text), _NamesOfProfiles()]


class IssuerEntry(FilesEntry):
    """An authorization server with its own URL, keys, sessions and registered clients."""

    profile: Maybe[ProfileName] = None
    """The profile that it starts from: its name, or the path of a file, beginning at the seed file."""
    path: Maybe[Path] = None
    """Where it is below the public URL; its name by default, `/` for the root, with a slash at its end if written."""
    url: Maybe[Url] = None
    """Its identifier in full, on a host of its own, in place of `path`; with a slash first, behind the public URL."""
    follow_host: Followed = ()
    """Names of hosts under which it is an issuer of that host, whatever the port; `true` for each name of devidp."""
    endpoints: Endpoints = Field(default_factory=dict)
    """Where its endpoints are: `/x` on its host, `x` below the issuer, a URL elsewhere; in a list, the others are
    aliases."""
    metadata: Members = Field(default_factory=dict)
    """Further members of its metadata; `null` takes one away."""
    issuer_document: IssuerDocument = Field(default_factory=dict)
    """JSON at its own URL, for whoever is no browser; {issuer}, {name} and {public_key} in text are what they say."""
    lifetimes: LifetimesEntry = EMPTY
    """How long its tokens, codes and sessions live."""
    signing_algorithm: SigningAlgorithm = ISSUER.signing_algorithm
    """How it signs tokens where the client or the resource does not say otherwise."""
    key_size: Maybe[KeySize] = None
    """Bits of its RSA keys, 2048, 3072 or 4096; a generated one has 2048 by default."""
    signing_key: Maybe[InlineKey] = None
    """Its private key, PEM or JWK; by default one is generated once for the data folder."""
    signing_key_file: Maybe[KeyFile] = None
    """A file with its private key, PEM or JWK; the path is relative to the seed file."""
    grants: list[GrantName] = Field(default=list(names.DEFAULT_GRANTS), min_length=1)
    """The grants that it supports and advertises; every one but password by default."""
    features: Features = Field(default_factory=dict)
    """What to switch on or off; the default of each is in docs/seed.md."""
    pkce: PkceEntry = EMPTY
    """What it asks of PKCE."""
    device_interval: Duration = ISSUER.device_interval
    """How long a device has to wait between two polls."""
    token_exchange: TokenExchangeEntry = EMPTY
    """What clients with the grant may do by token exchange."""
    trusted_issuers: Annotated[TrustedIssuers, Also(NULL)] = Field(default_factory=dict)
    """Whose assertions become access tokens by the grant jwt-bearer: issuers of this seed by name, others by URL."""
    dpop: DpopEntry = EMPTY
    """What it asks of DPoP."""
    client_authentication: ClientAuthentication = ISSUER.client_authentication
    """Whether a client sends its secret as it is registered to (strict), with Basic or in the body alike (lenient), or
    even in both places of one request (repeated)."""
    json_requests: Flag = ISSUER.json_requests
    """Whether the endpoints for token, introspection, revocation, device authorization and pushed requests take their
    parameters as a JSON object too."""
    refresh_tokens: RefreshTokens = ISSUER.refresh_tokens
    """Whether clients with the grant get refresh tokens always, for the scope offline_access with `prompt=consent`,
    whenever that scope is requested, or for `access_type=offline`."""
    refresh_grace: DurationOrZero = ISSUER.refresh_grace
    """How long a used refresh token is answered with its successor again, for clients that refresh in parallel."""
    token_response: TokenResponse = Field(default_factory=dict)
    """Further members of the answer of the token endpoint, with templates as in the shape of a token."""
    refresh_token_format: RefreshTokenFormat = ISSUER.refresh_token_format
    """Whether refresh tokens are opaque, or JWTs that only the issuer can verify."""
    registration: RegistrationEntry = EMPTY
    """Who may register clients."""
    introspection: IntrospectionEntry = EMPTY
    """Who may introspect tokens."""
    revocation: RevocationEntry = EMPTY
    """Who may revoke tokens."""
    client_id_metadata_documents: ClientDocumentsEntry = EMPTY
    """What it takes of clients whose id is a URL."""
    fetch: FetchEntry = EMPTY
    """What it may fetch for its clients."""
    logout: LogoutEntry = EMPTY
    """Who is asked before a logout, and what ends with the session."""
    failed_logins: FailedLoginsEntry = EMPTY
    """How many logins from one address may fail."""
    auto_approve: Maybe[Annotated[Text, AfterValidator(composed)]] = None
    """The user who is logged in and consents without a page."""
    default_scopes: Maybe[list[ScopeName]] = None
    """What a client gets that asks for no scope and has no default; the scopes of the resource otherwise."""
    default_audience: Maybe[ResourceName] = None
    """The resource that tokens are for when the client names none; the issuer itself otherwise."""
    step_up: StepUp = ISSUER.step_up
    """Which clients keep their scopes when they ask for a further one: those that registered or have a document, every
    client, or none, which get what they ask for."""
    unknown_clients: UnknownClients = ISSUER.unknown_clients
    """What becomes of a client_id that nobody has named or registered: refused, accepted with any secret or none and
    redirects to this machine, accepted with redirects to anywhere."""
    unknown_users: UnknownUsers = ISSUER.unknown_users
    """What becomes of a user name that is typed at the login page and that nobody has: refused, or logged in without a
    password."""
    unknown_scopes: UnknownScopes = ISSUER.unknown_scopes
    """What becomes of a request for a scope that is not in `scopes`."""
    unknown_resources: UnknownResources = ISSUER.unknown_resources
    """What becomes of a `resource` that is not in `resources`: refused, accepted on this machine only, accepted."""
    short_grant_types: Flag = ISSUER.short_grant_types
    """Take the last part of a URN as a grant_type too: `device_code`, as MSAL for Node sends it."""
    resource_in_scope: Flag = ISSUER.resource_in_scope
    """Whether a scope may name its resource, as `api://tasks/Tasks.Read` or `api://tasks/.default`: the token is for
    `api://tasks` then."""
    user_scopes: UserScopes = ISSUER.user_scopes
    """What becomes of a client that acts for itself and requests nothing but scopes about users, such as openid."""
    acr_values: AcrValues = Field(default=dict(ISSUER.acr_values))
    """Authentication context classes: `[one, two]`, what one factor reaches and what a second one, or a mapping of each
    class to 1 or 2."""
    second_factor: SecondFactor = ISSUER.second_factor
    """Whether users who have a second factor are asked for it when a request wants it, or at every login."""
    access_token_format: AccessTokenFormat = ISSUER.access_token_format
    """Whether access tokens are JWTs or opaque, where neither the client nor the resource says otherwise."""
    access_token_claims: list[ClaimName] = Field(default=list(ISSUER.access_token_claims))
    """Claims of the user that access tokens carry."""
    claims_in_id_token: Flag = ISSUER.claims_in_id_token
    """Put the claims of the scopes into the ID token too, beside UserInfo."""
    access_token: TokenShapeOrNone = None
    """How its access tokens differ from those of RFC 9068; resources and clients may differ further."""
    id_token: TokenShapeOrNone = None
    """How its ID tokens differ from those of OpenID Connect; clients may differ further."""
    userinfo: Maybe[UserinfoShapeEntry] = None
    """How its answers at UserInfo differ from those of OpenID Connect; clients may differ further."""
    users: Maybe[Users] = None
    """Its own users, instead of the shared ones."""
    clients: Maybe[Clients] = None
    """Its own clients, instead of the shared ones."""

    @field_validator("url")
    @classmethod
    def _one_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("path") is not None:
            raise Refused("got `url` beside `path`, and either says where the issuer is; remove one of them")
        return value

    @field_validator("issuer_document")
    @classmethod
    def _has_a_place(cls, value: dict[str, object], info: ValidationInfo) -> dict[str, object]:
        if value and info.data.get("path") == "":
            raise Refused("got a document for the public URL itself, where the landing page is; give the issuer a path")
        return value

    @field_validator("follow_host")
    @classmethod
    def _no_host_of_its_own(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        url = info.data.get("url")
        if value and url is not None and not url.startswith("/"):
            raise Refused("got `follow_host` beside a `url` that names its host; remove one of them")
        return value

    @field_validator("trusted_issuers")
    @classmethod
    def _have_keys(cls, value: TrustedIssuers, info: ValidationInfo) -> TrustedIssuers:
        missing = [
            ((name,), "this issuer has no keys; add `jwks` or `jwks_uri`, or name an issuer of this seed")
            for name, entry in value.items()
            if name not in references(info).names["issuers"] and entry.jwks is None and entry.jwks_uri is None
        ]
        odd = [
            ((name,), f"this is neither an issuer of this seed nor the URL of another one: {why}")
            for name in value
            if ":" in name and (why := redirect_uri.malformed(name))
        ]
        if missing or odd:
            raise Refused(*missing, *odd)
        return value
