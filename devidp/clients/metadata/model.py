"""The fields, their types and their defaults."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from devidp.models import SigningAlgorithm
from devidp.oauth import names

MAX_TEXT = 2000
MAX_LIST = 50


def _bounded(value: object) -> object:
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise ValueError(f"it has {len(value)} characters, at most {MAX_TEXT} are kept")
    return value


Text = Annotated[StrictStr, BeforeValidator(_bounded)]
Texts = Annotated[list[Text], Field(max_length=MAX_LIST)]
Seconds = Annotated[StrictInt, Field(ge=0, le=10**10)]


class ClientMetadata(BaseModel):
    """The registered metadata of a client, in the names of RFC 7591 and OpenID Connect registration."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    redirect_uris: Texts = []
    token_endpoint_auth_method: Text = names.SECRET_BASIC
    token_endpoint_auth_signing_alg: Text | None = None
    grant_types: Texts = [names.AUTHORIZATION_CODE]
    response_types: Texts | None = None
    application_type: Literal["web", "native"] = "web"
    client_name: Text | None = None
    client_uri: Text | None = None
    logo_uri: Text | None = None
    tos_uri: Text | None = None
    policy_uri: Text | None = None
    initiate_login_uri: Text | None = None
    subject_type: Literal["public", "pairwise"] = "public"
    sector_identifier_uri: Text | None = None
    contacts: Texts | None = None
    scope: Text | None = None
    dpop_bound_access_tokens: StrictBool | None = None
    id_token_signed_response_alg: SigningAlgorithm | None = None
    userinfo_signed_response_alg: SigningAlgorithm | None = None
    introspection_signed_response_alg: SigningAlgorithm | None = None
    post_logout_redirect_uris: Texts | None = None
    backchannel_logout_uri: Text | None = None
    backchannel_logout_session_required: StrictBool | None = None
    frontchannel_logout_uri: Text | None = None
    frontchannel_logout_session_required: StrictBool | None = None
    jwks: dict[str, Any] | None = None
    jwks_uri: Text | None = None
    software_id: Text | None = None
    software_version: Text | None = None
    default_max_age: Seconds | None = None
    require_auth_time: StrictBool | None = None
    default_acr_values: Texts | None = None
    request_uris: Texts | None = None
    request_object_signing_alg: Text | None = None
    require_signed_request_object: StrictBool | None = None
    require_pushed_authorization_requests: StrictBool | None = None
    localized: dict[str, Text] = {}
    """Fields in one language each, by their whole name: ``client_name#de`` (RFC 7591 section 2.2)."""

    def public(self) -> dict[str, Any]:
        """The metadata as the registration answer echoes it: everything set, nothing that is not."""
        return {**self.model_dump(exclude_none=True, exclude={"localized"}), **self.localized}
