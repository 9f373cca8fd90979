"""Names of the specifications, and what devidp can be configured to support.

``GRANTS`` and ``FEATURES`` are what a seed may switch on: a name that is not here is refused.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

AUTHORIZATION_CODE: Final = "authorization_code"
REFRESH_TOKEN: Final = "refresh_token"
CLIENT_CREDENTIALS: Final = "client_credentials"
DEVICE_CODE: Final = "urn:ietf:params:oauth:grant-type:device_code"
TOKEN_EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
PASSWORD: Final = "password"
JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"

GRANTS: Final[dict[str, str]] = {
    AUTHORIZATION_CODE: "A user logs in and the client exchanges a code (OAuth 2.1 section 4.1)",
    REFRESH_TOKEN: "New tokens without the user (OAuth 2.1 section 4.3)",
    CLIENT_CREDENTIALS: "A client acts for itself (OAuth 2.1 section 4.2)",
    DEVICE_CODE: "A user agrees in a browser to what a device without one asks for (RFC 8628)",
    TOKEN_EXCHANGE: "A token becomes one for another place, in the same name or by an actor (RFC 8693)",
    JWT_BEARER: "An assertion of an issuer that is trusted becomes an access token (RFC 7523)",
    PASSWORD: "A client sends a user's name and password itself (RFC 6749 section 4.3); OAuth 2.1 has removed it",
}
SHORT_GRANTS: Final = {name.rpartition(":")[2]: name for name in GRANTS if ":" in name}
"""The names of grants that are URNs, without what all of these begin with."""
DEFAULT_GRANTS: Final = tuple(name for name in GRANTS if name != PASSWORD)
"""What an issuer has that names none."""

USERINFO: Final = "userinfo"
INTROSPECTION: Final = "introspection"
REVOCATION: Final = "revocation"
REGISTRATION: Final = "registration"
MANAGEMENT: Final = "registration_management"
PAIRWISE: Final = "pairwise_subjects"
CLIENT_DOCUMENTS: Final = "client_id_metadata_documents"
LOGOUT: Final = "logout"
BACKCHANNEL_LOGOUT: Final = "backchannel_logout"
FRONTCHANNEL_LOGOUT: Final = "frontchannel_logout"
SECRET_JWT: Final = "client_secret_jwt"
PRIVATE_KEY_JWT: Final = "private_key_jwt"
DPOP: Final = "dpop"
ID_JAG: Final = "id_jag"
SIGNED_USERINFO: Final = "signed_userinfo"
SIGNED_INTROSPECTION: Final = "signed_introspection"
FORM_POST: Final = "form_post"
WEB_MESSAGE: Final = "web_message"
CLAIMS_PARAMETER: Final = "claims_parameter"
PUSHED_REQUESTS: Final = "pushed_authorization_requests"
REQUIRE_PUSHED_REQUESTS: Final = "require_pushed_authorization_requests"
REQUEST_OBJECTS: Final = "request_objects"
REQUIRE_REQUEST_OBJECTS: Final = "require_signed_request_objects"
UNSIGNED_REQUEST_OBJECTS: Final = "unsigned_request_objects"
REQUEST_URI: Final = "request_uri_by_reference"
IMPLICIT: Final = "implicit"
HYBRID: Final = "hybrid"
X5C: Final = "x5c"
CERTIFICATES: Final = "certificates"
TOKENINFO: Final = "tokeninfo"

FEATURES: Final[dict[str, str]] = {
    USERINFO: "The UserInfo endpoint (OpenID Connect Core section 5.3)",
    INTROSPECTION: "Token introspection (RFC 7662)",
    REVOCATION: "Token revocation (RFC 7009)",
    REGISTRATION: "Dynamic client registration (RFC 7591)",
    MANAGEMENT: "Reading, changing and deleting what was registered (RFC 7592)",
    PAIRWISE: "Another subject of a user for each sector of clients (OpenID Connect Core section 8.1)",
    CLIENT_DOCUMENTS: "Clients whose id is the URL of their metadata (Client ID Metadata Document)",
    LOGOUT: "Logout that a client asks for (OpenID Connect RP-Initiated Logout)",
    BACKCHANNEL_LOGOUT: "Logout tokens posted to clients (OpenID Connect Back-Channel Logout)",
    FRONTCHANNEL_LOGOUT: "Logout pages of clients in hidden frames (OpenID Connect Front-Channel Logout)",
    SECRET_JWT: "Clients that authenticate with a JWT under their secret (OpenID Connect Core section 9)",
    PRIVATE_KEY_JWT: "Clients that authenticate with a JWT under a key of their own (RFC 7523)",
    DPOP: "Tokens that are bound to a key of the client (RFC 9449)",
    SIGNED_USERINFO: "UserInfo as a JWT for clients that registered for it (OpenID Connect Core section 5.3.2)",
    SIGNED_INTROSPECTION: "Introspection answers as a JWT for who asks for one (RFC 9701)",
    ID_JAG: "Identity assertions for other issuers, and access tokens for those of others (ID-JAG)",
    FORM_POST: "The response mode form_post (OAuth 2.0 Form Post Response Mode)",
    WEB_MESSAGE: "The response mode web_message, for a frame or a popup (draft-sakimura-oauth-wmrm-01)",
    CLAIMS_PARAMETER: "The claims parameter (OpenID Connect Core section 5.5)",
    PUSHED_REQUESTS: "Pushed authorization requests (RFC 9126)",
    REQUIRE_PUSHED_REQUESTS: "Only pushed authorization requests are taken (RFC 9126 section 5)",
    REQUEST_OBJECTS: "Signed request objects by value (RFC 9101)",
    REQUIRE_REQUEST_OBJECTS: "Only signed request objects are taken (RFC 9101 section 10.5)",
    UNSIGNED_REQUEST_OBJECTS: "Request objects without a signature, of clients that registered no other algorithm",
    REQUEST_URI: "Request objects at addresses that the client registered (OpenID Connect Core section 6.2)",
    IMPLICIT: "Response types without a code (OpenID Connect Core section 3.2)",
    HYBRID: "Response types with a code and tokens (OpenID Connect Core section 3.3)",
    X5C: "A certificate of each key in the JWK Set: x5c, x5t and x5t#S256 (RFC 7517 section 4.7)",
    CERTIFICATES: "A document with a certificate of each key as PEM, by its kid",
    TOKENINFO: "What a token says, for whoever has it",
}

OFF_BY_DEFAULT: Final = frozenset(
    {
        REQUIRE_PUSHED_REQUESTS,
        REQUIRE_REQUEST_OBJECTS,
        UNSIGNED_REQUEST_OBJECTS,
        REQUEST_URI,
        IMPLICIT,
        HYBRID,
        WEB_MESSAGE,
        X5C,
        CERTIFICATES,
        TOKENINFO,
    }
)
"""Features that only the seed switches on: the others are on until it switches them off."""

PART_OF: Final[dict[str, str]] = {
    MANAGEMENT: REGISTRATION,
    FRONTCHANNEL_LOGOUT: LOGOUT,
    REQUEST_URI: REQUEST_OBJECTS,
}
"""Features that are off where another one is, which they are a part of."""

SECRET_BASIC: Final = "client_secret_basic"
SECRET_POST: Final = "client_secret_post"
NO_AUTHENTICATION: Final = "none"

AUTH_METHODS: Final[tuple[str, ...]] = (SECRET_BASIC, SECRET_POST, SECRET_JWT, PRIVATE_KEY_JWT, NO_AUTHENTICATION)

SENT_SECRETS: Final = frozenset({SECRET_BASIC, SECRET_POST})
"""Methods that send the secret itself."""
WITHOUT_SECRET: Final = frozenset({PRIVATE_KEY_JWT, NO_AUTHENTICATION})
"""Methods of clients that have no secret."""


def auth_methods(features: Collection[str]) -> tuple[str, ...]:
    """The client authentication methods of an issuer with ``features``; those that are no feature are always on."""
    return tuple(name for name in AUTH_METHODS if name not in FEATURES or name in features)


SIGNING_ALGORITHMS: Final[tuple[str, ...]] = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""What an issuer can sign with."""
RSA_KEY_SIZES: Final = (2048, 3072, 4096)
"""Bits of the RSA keys that it can generate."""

SECRET_ALGORITHMS: Final[tuple[str, ...]] = ("HS256",)
"""What clients may sign with under their secret."""
KEY_ALGORITHMS: Final[tuple[str, ...]] = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
)  # fmt: skip
"""What clients may sign with under keys of their own."""
ASSERTION_ALGORITHMS: Final = {SECRET_JWT: SECRET_ALGORITHMS, PRIVATE_KEY_JWT: KEY_ALGORITHMS}
"""Client authentication methods that sign, and with what."""

LOGOUT_PARAMETERS: Final = (
    "id_token_hint", "logout_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales",
)  # fmt: skip
"""Of a logout request (OpenID Connect RP-Initiated Logout section 2)."""
OPENID_SCOPES: Final = frozenset({"openid", "profile", "email", "phone", "address", "offline_access"})
"""Scopes of OpenID Connect Core: they mean something at the issuer, whatever the resource is."""

STANDARD_CLAIMS: Final[dict[str, tuple[str, ...]]] = {
    "openid": ("sub",),
    "profile": (
        "name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile",
        "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at",
    ),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
    "address": ("address",),
}  # fmt: skip
"""The claims that each scope releases (OpenID Connect Core section 5.4)."""

_TOKEN_TYPE: Final = "urn:ietf:params:oauth:token-type:"
ACCESS_TOKEN_TYPE: Final = f"{_TOKEN_TYPE}access_token"
ID_TOKEN_TYPE: Final = f"{_TOKEN_TYPE}id_token"
REFRESH_TOKEN_TYPE: Final = f"{_TOKEN_TYPE}refresh_token"
JWT_TYPE: Final = f"{_TOKEN_TYPE}jwt"
ID_JAG_TYPE: Final = f"{_TOKEN_TYPE}id-jag"
ID_JAG_PROFILE: Final = "urn:ietf:params:oauth:grant-profile:id-jag"
TOKEN_RESPONSE: Final = frozenset(
    {"access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token", "issued_token_type"}
)
"""Members of a token response that specifications define (RFC 6749 section 5.1, RFC 8693 section 2.2.1)."""
