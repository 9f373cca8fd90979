"""The errors that an authorization response can have: what each of them tells the client."""

from __future__ import annotations

from typing import Final, NamedTuple

_OAUTH = "RFC 6749 section 4.1.2.1"
_OPENID = "OpenID Connect Core section 3.1.2.6"


class AuthorizationError(NamedTuple):
    """An error code, and what it says to a client."""

    code: str
    meaning: str
    section: str


AUTHORIZATION_ERRORS: Final = (
    AuthorizationError("access_denied", "The user, or the issuer, said no.", _OAUTH),
    AuthorizationError("login_required", "prompt=none, and nobody is logged in.", _OPENID),
    AuthorizationError("consent_required", "prompt=none, and the user has not agreed yet.", _OPENID),
    AuthorizationError("interaction_required", "prompt=none, and some page would have to be shown.", _OPENID),
    AuthorizationError("account_selection_required", "prompt=none, and the user has to choose an account.", _OPENID),
    AuthorizationError(
        "unmet_authentication_requirements",
        "The login cannot reach the acr or the age that was asked for.",
        "Unmet Authentication Requirements 1.0 section 1, RFC 9470 section 5",
    ),
    AuthorizationError("server_error", "The issuer failed: status 500 cannot travel in a redirect.", _OAUTH),
    AuthorizationError("temporarily_unavailable", "The issuer is overloaded: try again later.", _OAUTH),
    AuthorizationError("invalid_request", "A parameter is missing, repeated or malformed.", _OAUTH),
    AuthorizationError("invalid_scope", "A scope is unknown or malformed.", _OAUTH),
    AuthorizationError("invalid_target", "The resource is unknown or malformed.", "RFC 8707 section 2"),
    AuthorizationError("unauthorized_client", "The client may not ask for a code in this way.", _OAUTH),
    AuthorizationError("unsupported_response_type", "The issuer does not have this response type.", _OAUTH),
    AuthorizationError(
        "invalid_authorization_details", "Details of the authorization are unknown or malformed.", "RFC 9396 section 5"
    ),
    AuthorizationError("invalid_request_object", "The request object cannot be trusted.", _OPENID),
    AuthorizationError("invalid_request_uri", "Nothing usable is at the request_uri.", _OPENID),
    AuthorizationError("request_not_supported", "The issuer takes no request objects.", _OPENID),
    AuthorizationError("request_uri_not_supported", "The issuer takes no request_uri.", _OPENID),
    AuthorizationError("registration_not_supported", "The issuer takes no parameter registration.", _OPENID),
)
"""Most used first."""
CODES: Final = frozenset(each.code for each in AUTHORIZATION_ERRORS)
