"""Models of the small entries: scopes, resources, users, policy rules, lifetimes, and parts of an issuer."""

from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from devidp.models import accounts, settings
from devidp.oauth import names
from devidp.oauth.identifiers import composed
from devidp.seed.claims import user_claims
from devidp.seed.defaults import ISSUER
from devidp.seed.fields import DOTS, NULL, Also, Bare, Before, Count, Duration, Flag, Maybe, Text, choice
from devidp.seed.from_file import SecretFile, beside_the_seed
from devidp.seed.keys import JwkSet
from devidp.seed.problems import Refused, describe
from devidp.seed.references import (
    ClientName,
    ScopeName,
    UserName,
    WebAddress,
)

MAX_SUB = 255


def parameter_name(value: str) -> str:
    """A name that no parameter of a logout request has yet."""
    if value in names.LOGOUT_PARAMETERS:
        raise Refused(f"{describe(value)}, a parameter with a meaning of its own; remove it")
    return value


UnfetchableDocuments = Annotated[settings.UnfetchableDocuments, Before(choice(("refuse", "loopback")))]
SecondFactor = Annotated[accounts.SecondFactor, Before(choice(get_args(accounts.SecondFactor)))]
ParameterName = Annotated[Text, AfterValidator(parameter_name)]
ConfirmLogout = Annotated[settings.ConfirmLogout, Before(choice(get_args(settings.ConfirmLogout)))]


class Entry(BaseModel):
    """Refuses keys that it does not know; its attributes' docstrings are the descriptions in the JSON Schema.

    ``devidp.seed.schema`` reads them: pydantic would read the source of every model at each start.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class FilesEntry(Entry):
    """Has keys that name files; their paths are relative to the seed file in which they stand."""

    _paths = model_validator(mode="before")(beside_the_seed)


class ClientLifetimesEntry(Entry):
    """How long what a client gets lives: `30s`, `15m`, `1h30m`, `30d`. What is left out is as the issuer has it."""

    access_token: Maybe[Duration] = None
    """Access tokens; 1h by default, more than that gets a warning."""
    refresh_token: Maybe[Duration] = None
    """Refresh tokens; 30d by default."""
    id_token: Maybe[Duration] = None
    """ID tokens; 10m by default."""
    authorization_code: Maybe[Duration] = None
    """Authorization codes; 60s by default."""
    pushed_request: Maybe[Duration] = None
    """Pushed authorization requests, until the browser brings them; 60s by default."""
    device_code: Maybe[Duration] = None
    """Device codes; 10m by default."""


class LifetimesEntry(ClientLifetimesEntry):
    """How long things live: `30s`, `15m`, `1h30m`, `30d`. What is left out keeps its default."""

    session: Maybe[Duration] = None
    """The login in a browser; 8h by default."""


class ScopeEntry(Entry):
    """A scope: the sentence on the consent page, and the claims that it releases at UserInfo."""

    description: Maybe[Text] = None
    """What the consent page says; the scope's name by default."""
    claims: Maybe[list[Text]] = None
    """Names of the claims that it releases; the OpenID scopes have those of OpenID Connect by default, others none."""

    @model_validator(mode="before")
    @classmethod
    def _description_alone(cls, value: object) -> object:
        return {"description": value} if isinstance(value, str) else value


class UserEntry(FilesEntry):
    """A person who can log in."""

    sub: Maybe[Text] = None
    """The subject in tokens; the user name by default."""
    password: Maybe[Text] = None
    """Without one, only the login page's button logs this user in."""
    password_file: Maybe[SecretFile] = None
    """A file with the password; the path is relative to the seed file."""
    claims: Annotated[dict[str, Any], Before(user_claims)] = Field(default_factory=dict)
    """What tokens and UserInfo may say of the user: email, name, roles, groups, tenant_id, anything nested."""
    scopes: Maybe[list[ScopeName]] = None
    """What the user may grant; every scope by default."""
    mfa: SecondFactor = "none"
    """The second factor: a code of an authenticator (totp), an answer on another device (push), or none."""
    disabled: Flag = False
    """A disabled user can neither log in nor refresh, and the user's tokens are inactive."""

    @field_validator("sub")
    @classmethod
    def _is_short(cls, value: str | None) -> str | None:
        if value is not None and len(value) > MAX_SUB:
            raise Refused(f"got {len(value)} characters; OpenID Connect Core section 2 allows {MAX_SUB}")
        return value


class RuleEntry(Entry):
    """A rule of the policy: for these users through these clients, allow only some scopes, or deny some."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["allow"]}, {"required": ["deny"]}]})

    users: Maybe[list[UserName]] = None
    """Users to whom it applies; all by default."""
    clients: Maybe[list[ClientName]] = None
    """Clients to which it applies; all by default."""
    allow: Maybe[list[ScopeName]] = None
    """Only these scopes are given."""
    deny: list[ScopeName] = Field(default=[], validate_default=True)
    """These scopes are not given."""

    @field_validator("deny")
    @classmethod
    def _does_something(cls, value: list[str], info: ValidationInfo) -> list[str]:
        if not value and info.data.get("allow", ()) is None:
            raise Refused("the rule has neither `allow` nor `deny`; give it one of them with a list of scopes", up=1)
        return value


class PkceEntry(Entry):
    """Proof Key for Code Exchange (RFC 7636)."""

    required: Flag = True
    """Refuse authorization requests without a code_challenge."""
    plain: Flag = False
    """Accept the method `plain` beside S256."""


class ClientPkceEntry(Entry):
    """What is asked of PKCE, where that is not what the issuer asks."""

    required: Maybe[Flag] = None
    """Refuse its authorization requests without a code_challenge."""
    plain: Maybe[Flag] = None
    """Accept the method `plain` beside S256 from it."""


class RegistrationEntry(FilesEntry):
    """Dynamic client registration (RFC 7591)."""

    initial_access_token: Maybe[Text] = None
    """The bearer token that the registration endpoint asks for; without one, registration is open."""
    initial_access_token_file: Maybe[SecretFile] = None
    """A file with that token; the path is relative to the seed file."""
    unused_lifetime: Duration = ISSUER.unused_registrations
    """How long a registration is kept that never got a token; one that did stays."""


class IntrospectionEntry(FilesEntry):
    """Who may introspect tokens (RFC 7662 section 2.1): clients that authenticate, and those named here."""

    open: Flag = ISSUER.open_introspection
    """Answer whoever asks, as at an administrative address that only servers reach."""
    bearer_token: Maybe[Text] = None
    """A bearer token that may stand in place of a client."""
    bearer_token_file: Maybe[SecretFile] = None
    """A file with that token; the path is relative to the seed file."""


class RevocationEntry(Entry):
    """Who may revoke tokens (RFC 7009 section 2.1): the client that got them, and those named here."""

    open: Flag = ISSUER.open_revocation
    """Whoever has a token may revoke it, without a client, and may send it in the query."""


class ClientDocumentsEntry(Entry):
    """Clients whose id is the URL of their metadata (Client ID Metadata Document)."""

    unfetchable: UnfetchableDocuments = ISSUER.unfetchable_documents
    """What becomes of a client whose document cannot be fetched: refused, or taken with a loopback redirect alone."""


class DpopEntry(Entry):
    """Tokens bound to a key of the client (RFC 9449)."""

    nonce: Flag = False
    """Ask for a nonce of the issuer in each proof."""


class LogoutEntry(Entry):
    """The end of a session (OpenID Connect RP-Initiated Logout)."""

    confirm: ConfirmLogout = ISSUER.confirm_logout
    """Ask the user where the client shows no ID token of the session (unproven), always, or never."""
    redirect_parameters: list[ParameterName] = Field(default=list(ISSUER.logout_redirect_parameters))
    """Other names of `post_logout_redirect_uri`, as applications for a vendor send it: `returnTo`, `logout_uri`."""
    revoke_tokens: Flag = ISSUER.revoke_on_logout
    """End the tokens of the session, except those with offline_access."""
    refresh_token: Flag = ISSUER.logout_by_refresh_token
    """Let a client end the session of its refresh token by posting that, without a browser, as Keycloak does."""


class FailedLoginsEntry(Entry):
    """A limit on guessing passwords; a seed that names none has none."""

    limit: Maybe[Count] = None
    """How many logins, or user codes of devices, from one address may be wrong before more get 429; none by default."""
    within: Duration = ISSUER.failed_logins_within
    """From the first failed login to the end of the refusal."""


class FetchEntry(Entry):
    """What it may fetch for its clients, such as a jwks_uri."""

    private_addresses: Flag = False
    """Fetch from this machine and from private networks too, whoever names the address."""


class TokenExchangeEntry(Entry):
    """What clients with the grant may do by token exchange (RFC 8693)."""

    impersonation: Flag = True
    """Exchange a token without saying who acts."""
    delegation: Flag = True
    """Exchange a token by an actor, who is named in the new one."""


class TrustedIssuerEntry(Entry):
    """Another issuer: one of this seed by its name, any other by its URL with `jwks` or `jwks_uri`."""

    jwks: Maybe[JwkSet] = None
    """Its public keys, as a JWK Set."""
    jwks_uri: Maybe[WebAddress] = None
    """Where its public keys are."""
    match: Annotated[settings.SubjectMatch, Before(choice(("sub", "username", "email")))] = "sub"
    """How its users are found here: by `sub`, by the user name that its `sub` is, or by `email`."""


TrustedIssuers = dict[str, Annotated[TrustedIssuerEntry, Bare, Also(NULL)]]


def _username(value: str) -> str:
    if len(value) > MAX_SUB:  # it is the `sub` of whoever has no other
        raise Refused(f"{describe(value)} as a user name, {len(value)} characters, expected {MAX_SUB} at most")
    if value != value.strip() or not value.isprintable():
        raise Refused(f"{describe(value)} as a user name, expected printable text without spaces around it")
    if value in DOTS:
        raise Refused(f"{describe(value)} as a user name, which no URL can carry (RFC 3986 section 5.2.4); rename it")
    return composed(value)


Users = dict[Annotated[str, AfterValidator(_username)], Annotated[UserEntry, Bare, Also(NULL)]]
