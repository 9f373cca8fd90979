"""The model of a client."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from devidp.oauth import names
from devidp.records import ConsentMode
from devidp.seed.defaults import CLIENT_GRANTS
from devidp.seed.entries import Entry, LifetimesEntry
from devidp.seed.fields import Flag, Maybe, Text, choice
from devidp.seed.known import GrantName, RedirectUri, ResourceName, ScopeName
from devidp.seed.problems import Refused

CONSENT = ("required", "remembered", "skipped")

AuthMethod = Annotated[
    Literal["client_secret_basic", "client_secret_post", "none"], BeforeValidator(choice(names.AUTH_METHODS))
]
Consent = Annotated[ConsentMode, BeforeValidator(choice(CONSENT))]


class ClientEntry(Entry):
    """An OAuth client: give it a `secret`, or say `public: true`."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["secret"]}, {"required": ["public"]}]})

    name: Maybe[Text] = None
    """What the consent page calls it; the client_id by default."""
    secret: Maybe[Text] = None
    """The client_secret of a confidential client."""
    public: Flag = Field(default=False, validate_default=True)
    """A client that cannot keep a secret: in a browser, on a desktop or phone."""
    auth_method: Maybe[AuthMethod] = None
    """How it authenticates; a confidential client may use client_secret_basic or client_secret_post by default."""
    grants: list[GrantName] = Field(default=list(CLIENT_GRANTS), min_length=1)
    """The grants that it may use; authorization_code and refresh_token by default."""
    redirect_uris: list[RedirectUri] = Field(default=[], validate_default=True)
    """Where codes are sent: compared exactly, but http on localhost, 127.0.0.1 and [::1] matches on any port."""
    scopes: Maybe[list[ScopeName]] = None
    """What it may ask for; every scope by default."""
    default_scopes: Maybe[list[ScopeName]] = None
    """What it gets when it asks for no scope; otherwise the issuer's default, or the scopes of the resource."""
    default_audience: Maybe[ResourceName] = None
    """The resource that its tokens are for when it names none; the issuer's default otherwise."""
    lifetimes: LifetimesEntry = Field(default_factory=LifetimesEntry)
    """Lifetimes of its own; what is left out is as the issuer has it."""
    rotate_refresh_tokens: Flag = True
    """Give out a new refresh token at each refresh, and revoke all of them when an old one is used again."""
    consent: Consent = "remembered"
    """Ask at every login (required), once (remembered), or never (skipped)."""

    @field_validator("public")
    @classmethod
    def _secret_or_public(cls, value: bool, info: ValidationInfo) -> bool:
        if "secret" not in info.data:
            return value
        has_secret = info.data["secret"] is not None
        if value and has_secret:
            raise Refused("the client has a secret and is public; remove `secret` or `public: true`", up=1)
        if not value and not has_secret:
            raise Refused("the client has no secret; add `secret: ...`, or `public: true` if it cannot keep one", up=1)
        return value

    @field_validator("auth_method")
    @classmethod
    def _fits_secret(cls, value: str | None, info: ValidationInfo) -> str | None:
        public = info.data.get("public")
        if value is None or public is None or public == (value == names.NO_AUTHENTICATION):
            return value
        if public:
            raise Refused(f"{value!r} came, but the client is public; allowed: none, or give it a `secret`")
        raise Refused("'none' came, but the client has a secret; allowed: client_secret_basic, client_secret_post")

    @field_validator("grants")
    @classmethod
    def _may_act_for_itself(cls, value: list[str], info: ValidationInfo) -> list[str]:
        if names.CLIENT_CREDENTIALS in value and info.data.get("public"):
            raise Refused(
                "client_credentials came, but the client is public, and this grant needs a client that "
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
            raise Refused(f"{', '.join(beyond)} came, which `scopes` of this client lacks; add it there or remove it")
        return value
