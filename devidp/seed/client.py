"""The model of a client."""

import re
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema, field_validator

from devidp.models.accounts import ConsentMode
from devidp.oauth import names
from devidp.oauth.response_type import RESPONSE_TYPES
from devidp.seed.choices import ClaimName, ClientAuthentication, RefreshTokens, SecondFactor, StepUp, UnknownScopes
from devidp.seed.defaults import CLIENT_GRANTS
from devidp.seed.entries import ClientLifetimesEntry, ClientPkceEntry, FilesEntry
from devidp.seed.fields import DOTS, EMPTY, Bare, Before, DurationOrZero, Flag, Maybe, Text, choice
from devidp.seed.from_file import SecretFile
from devidp.seed.keys import JwkSet
from devidp.seed.problems import Refused, describe, join_names
from devidp.seed.references import (
    AccessTokenFormat,
    AuthMethod,
    GrantName,
    OtherIssuer,
    RedirectUri,
    RefreshTokenFormat,
    RequestUri,
    ResourceName,
    ScopeName,
    SigningAlgorithm,
    WebAddress,
)
from devidp.seed.shape import ShapeEntry, TokenShapeOrNone, UserinfoShapeEntry

CONSENT = ("required", "remembered", "skipped")

AuthAlgorithm = Annotated[str, Before(choice((*names.SECRET_ALGORITHMS, *names.KEY_ALGORITHMS)))]
RequestObjectAlgorithm = Annotated[str, Before(choice((*names.KEY_ALGORITHMS, "none")))]
MIN_SIGNING_SECRET = 32
"""Bytes that a secret needs to sign with HS256 (RFC 7518 section 3.2)."""
ResponseType = Annotated[
    str, Before(choice(RESPONSE_TYPES)), WithJsonSchema({"type": "string", "enum": list(RESPONSE_TYPES)})
]
Consent = Annotated[ConsentMode, Before(choice(CONSENT))]


class ClientEntry(FilesEntry):
    """An OAuth client: give it a `secret` or keys, or say `public: true`."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [key]} for key in ("secret", "secret_file", "jwks", "jwks_uri", "public")]
        }
    )

    name: Maybe[Text] = None
    """What the consent page calls it; the client_id by default."""
    secret: Maybe[Text] = None
    """The client_secret of a confidential client."""
    secret_file: Maybe[SecretFile] = None
    """A file with the client_secret; the path is relative to the seed file."""
    jwks: Maybe[JwkSet] = None
    """Its public keys, as a JWK Set: for private_key_jwt and for request objects."""
    jwks_uri: Maybe[WebAddress] = None
    """Where its public keys are, in place of `jwks`."""
    public: Flag = Field(default=False, validate_default=True)
    """A client that cannot keep a secret: in a browser, on a desktop or phone."""
    auth_method: Maybe[AuthMethod] = None
    """How it authenticates; by default Basic or the body with a secret, private_key_jwt with keys alone."""
    auth_signing_alg: Maybe[AuthAlgorithm] = None
    """The algorithm of its assertions; any that the issuer takes by default."""
    grants: list[GrantName] = Field(default=list(CLIENT_GRANTS), min_length=1)
    """The grants that it may use; authorization_code and refresh_token by default."""
    response_types: list[ResponseType] = Field(default=["code"], min_length=1)
    """What it may ask the authorization endpoint for; the issuer must have it switched on; code by default."""
    redirect_uris: list[RedirectUri] = Field(default=[], validate_default=True)
    """Where codes are sent: compared exactly, but http on localhost, 127.0.0.1 and [::1] matches on any port."""
    post_logout_redirect_uris: list[RedirectUri] = Field(default=[])
    """Where it may send the browser after a logout; compared as `redirect_uris` are."""
    backchannel_logout_uri: Maybe[WebAddress] = None
    """Where logout tokens are posted."""
    frontchannel_logout_uri: Maybe[WebAddress] = None
    """What the browser loads unseen at a logout."""
    pairwise_sector: Maybe[Text] = None
    """Its users have other subjects than at clients of another sector; without one, the subjects of the users."""
    scopes: Maybe[list[ScopeName]] = None
    """What it may ask for; every scope by default."""
    default_scopes: Maybe[list[ScopeName]] = None
    """What it gets when it asks for no scope; otherwise the issuer's default, or the scopes of the resource."""
    default_audience: Maybe[ResourceName] = None
    """The resource that its tokens are for when it names none; the issuer's default otherwise."""
    lifetimes: ClientLifetimesEntry = EMPTY
    """Lifetimes of its own; what is left out is as the issuer has it."""
    id_token_signed_response_alg: Maybe[SigningAlgorithm] = None
    """How its ID tokens are signed; as the issuer does by default."""
    userinfo_signed_response_alg: Maybe[SigningAlgorithm] = None
    """Give it UserInfo as a JWT signed so; plain JSON by default."""
    introspection_signed_response_alg: Maybe[SigningAlgorithm] = None
    """How the JWT is signed that it asks introspection for; as the issuer does by default."""
    access_token_claims: Maybe[list[ClaimName]] = None
    """Claims of the user that its access tokens carry; those that the issuer names by default."""
    claims_in_id_token: Maybe[Flag] = None
    """Put the claims of the scopes into its ID tokens too; as the issuer has it by default."""
    access_token_format: Maybe[AccessTokenFormat] = None
    """Whether its access tokens are JWTs or opaque; what the resource says by default."""
    access_token: TokenShapeOrNone = None
    """How its access tokens differ from those of other clients."""
    id_token: TokenShapeOrNone = None
    """How its ID tokens differ from those of other clients."""
    userinfo: Maybe[UserinfoShapeEntry] = None
    """How the answers that it gets at UserInfo differ from those of other clients."""
    dpop_bound: Flag = False
    """Give it tokens only with a DPoP proof."""
    rotate_refresh_tokens: Flag = True
    """Give out a new refresh token at each refresh, and revoke all of them when an old one is used again."""
    refresh_tokens: Maybe[RefreshTokens] = None
    """When it gets refresh tokens; as the issuer has it by default."""
    refresh_grace: Maybe[DurationOrZero] = None
    """How long a refresh token that it has used is answered again; as the issuer has it by default."""
    refresh_token_format: Maybe[RefreshTokenFormat] = None
    """Whether its refresh tokens are opaque or JWTs; what the issuer says by default."""
    default_max_age: Maybe[DurationOrZero] = None
    """How old a login may be when the client does not say; any age by default."""
    default_acr_values: list[Text] = Field(default=[])
    """The authentication context classes that it wants when it does not say."""
    request_uris: list[RequestUri] = Field(default=[])
    """Where its request objects are that it names as `request_uri`, where the issuer takes that."""
    request_object_signing_alg: Maybe[RequestObjectAlgorithm] = None
    """The algorithm of its request objects; any that the issuer takes by default."""
    require_signed_request_object: Flag = False
    """Take no authorization request of it that is not a signed request object."""
    require_pushed_authorization_requests: Flag = False
    """Take no authorization request of it that was not pushed."""
    pkce: ClientPkceEntry = EMPTY
    """What is asked of its PKCE; what is left out is as the issuer has it."""
    client_authentication: Maybe[ClientAuthentication] = None
    """Whether it sends its secret as it is registered to (strict), or with Basic and in the body alike."""
    second_factor: Maybe[SecondFactor] = None
    """Whether its users who have a second factor are asked for it when a request wants it, or at every login."""
    step_up: Maybe[StepUp] = None
    """Whether it keeps its scopes when it asks for a further one; as the issuer has it by default."""
    unknown_scopes: Maybe[UnknownScopes] = None
    """What becomes of its requests for a scope that is not in `scopes`; as the issuer has it by default."""
    consent: Consent = "remembered"
    """Ask at every login (required), once (remembered), or never (skipped)."""
    disabled: Flag = False
    """A disabled client is refused everywhere, and its tokens are inactive."""
    client_ids: dict[OtherIssuer, Text] = Field(default={})
    """What other issuers know it by, for identity assertions (ID-JAG): issuers of this seed by name, others by URL."""

    @field_validator("jwks_uri")
    @classmethod
    def _one_set(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("jwks") is not None:
            raise Refused("got a second set of keys beside `jwks`; remove one of them")
        return value

    @property
    def client_secret(self) -> str | None:
        return self.secret or self.secret_file

    @field_validator("public")
    @classmethod
    def _proves_itself_or_public(cls, value: bool, info: ValidationInfo) -> bool:
        if not {"secret", "secret_file"} <= info.data.keys():
            return value
        has_secret = _secret(info) is not None
        if value and has_secret:
            raise Refused("the client has a secret and is public; remove `secret` or `public: true`", up=1)
        if not value and not has_secret and not _may_have_keys(info):
            raise Refused(
                "the client has no secret; add `secret: ...` or its public keys as `jwks`, or `public: true` if it "
                "cannot keep one",
                up=1,
            )
        return value

    @field_validator("access_token", "id_token", "userinfo")
    @classmethod
    def _is_of_one_client(cls, value: ShapeEntry | None) -> ShapeEntry | None:
        cases = enumerate([] if value is None else value.cases)
        if found := [(("cases", index, "when", "client"), "this is the shape of one client already; remove the line")
                     for index, case in cases if case.when.client is not None]:  # fmt: skip
            raise Refused(*found)
        return value

    @field_validator("auth_method")
    @classmethod
    def _fits_what_it_has(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None or "public" not in info.data:
            return value
        public, secret = info.data["public"], _secret(info)
        if public and value != names.NO_AUTHENTICATION:
            raise Refused(f"got {value!r} for a public client, expected none; or give it a `secret`")
        if value == names.NO_AUTHENTICATION and not public:
            raise Refused("got 'none' for a client with a secret, expected client_secret_basic or client_secret_post")
        if value == names.PRIVATE_KEY_JWT and not _may_have_keys(info):
            raise Refused(f"got {value!r} for a client without keys; add `jwks` or `jwks_uri`")
        if value not in (names.PRIVATE_KEY_JWT, names.NO_AUTHENTICATION) and secret is None:
            raise Refused(f"got {value!r} for a client without a secret, expected private_key_jwt; or add `secret`")
        if value == names.SECRET_JWT and len(str(secret).encode()) < MIN_SIGNING_SECRET:
            raise Refused(
                f"got {value!r}, but the secret has {len(str(secret).encode())} bytes, and HS256 needs "
                f"{MIN_SIGNING_SECRET} (RFC 7518 section 3.2); make it longer"
            )
        return value

    @field_validator("auth_signing_alg")
    @classmethod
    def _fits_the_method(cls, value: str | None, info: ValidationInfo) -> str | None:
        method = info.data.get("auth_method") or (names.PRIVATE_KEY_JWT if _may_have_keys(info) else "")
        taken = names.ASSERTION_ALGORITHMS.get(method, ())
        if value is not None and value not in taken:
            raise Refused(f"got {value!r}, but the client authenticates with {method or 'its secret'}; "
                          f"expected one of: {join_names(taken)}")  # fmt: skip
        return value

    @field_validator("grants")
    @classmethod
    def _may_act_for_itself(cls, value: list[str], info: ValidationInfo) -> list[str]:
        if names.CLIENT_CREDENTIALS in value and info.data.get("public"):
            raise Refused(
                "got client_credentials, but the client is public, and this grant needs a client that "
                "authenticates (OAuth 2.1 section 4.2); give it a `secret` or remove the grant"
            )
        return value

    @field_validator("redirect_uris")
    @classmethod
    def _can_receive_codes(cls, value: list[str], info: ValidationInfo) -> list[str]:
        if not value and names.AUTHORIZATION_CODE in info.data.get("grants", ()):
            raise Refused(
                "the client has no redirect URI, and the grant authorization_code needs one; add `redirect_uris`, "
                "or say `grants: [client_credentials]` if it only acts for itself",
                up=1,
            )
        return value

    @field_validator("default_scopes")
    @classmethod
    def _may_have_its_defaults(cls, value: list[str] | None, info: ValidationInfo) -> list[str] | None:
        allowed = info.data.get("scopes")
        beyond = [name for name in value or () if allowed is not None and name not in allowed]
        if beyond:
            raise Refused(f"got {', '.join(beyond)}, which `scopes` of this client lacks; add it there or remove it")
        return value


def _secret(info: ValidationInfo) -> str | None:
    secret: str | None = info.data.get("secret") or info.data.get("secret_file")
    return secret


def _may_have_keys(info: ValidationInfo) -> bool:
    """Whether the client has keys, or some that were refused: one message is enough."""
    return any(name not in info.data or info.data[name] is not None for name in ("jwks", "jwks_uri"))


def _client_id(value: str) -> str:
    if not re.fullmatch(r"[\x20-\x7e]{1,255}", value):
        raise Refused(f"{describe(value)} as a client_id, expected 1 to 255 printable ASCII characters "
                      "(RFC 6749 appendix A.1)")  # fmt: skip
    if value in DOTS:
        raise Refused(f"{describe(value)} as a client_id, which no URL can carry (RFC 3986 section 5.2.4); rename it")
    return value


Clients = dict[Annotated[str, AfterValidator(_client_id)], Annotated[ClientEntry, Bare]]
