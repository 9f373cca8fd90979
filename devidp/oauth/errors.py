"""One error type, one class per code; what the client is told and what the developer should change.

Section 5.2 of RFC 6749 limits the characters of ``error`` and ``error_description``:
``OAuthError.description`` is always inside that set, whatever it was built from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

MAX_QUOTED = 200


def printable(text: str) -> str:
    """``text`` within the characters that RFC 6749 section 5.2 allows; the others become ``?`` or ``'``."""
    text = text.replace('"', "'").replace("\\", "/")
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if " " <= char <= "~" else "?" for char in text)


def quoted(value: object) -> str:
    """A received value, shortened and in quotes, for use inside a description."""
    text = str(value)
    if len(text) > MAX_QUOTED:
        text = f"{text[:MAX_QUOTED]}... ({len(text)} characters)"
    return f"'{text}'"


class OAuthError(Exception):
    """A refusal. ``reason`` says what came and what was expected, ``remedy`` what to change.

    ``section`` names the specification that was broken. ``headers`` are added to the HTTP answer.
    """

    code: ClassVar[str] = "invalid_request"
    status: ClassVar[int] = 400
    default_section: ClassVar[str] = ""

    def __init__(
        self,
        reason: str,
        *,
        remedy: str = "",
        section: str = "",
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.section = section or self.default_section
        self.http_status = self.status if status is None else status
        self.headers = dict(headers or {})

    @property
    def description(self) -> str:
        """``error_description``: reason, remedy and section in one line of the permitted characters."""
        parts = [_sentence(self.reason), _sentence(self.remedy), f"See {self.section}." if self.section else ""]
        return printable(" ".join(part for part in parts if part))

    def body(self) -> dict[str, str]:
        return {"error": self.code, "error_description": self.description}


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?" else f"{text}."


class InvalidRequest(OAuthError):
    """A parameter is missing, repeated, malformed or not supported (RFC 6749 section 5.2)."""

    code = "invalid_request"
    default_section = "RFC 6749 section 5.2"


class InvalidClient(OAuthError):
    """Client authentication failed (RFC 6749 section 5.2)."""

    code = "invalid_client"
    status = 401
    default_section = "RFC 6749 section 5.2"


class InvalidGrant(OAuthError):
    """The code or refresh token is unknown, expired, revoked, used, or of another client (RFC 6749 section 5.2)."""

    code = "invalid_grant"
    default_section = "RFC 6749 section 5.2"


class UnauthorizedClient(OAuthError):
    """The client may not use this grant or response type (RFC 6749 section 5.2)."""

    code = "unauthorized_client"
    default_section = "RFC 6749 section 5.2"


class UnsupportedGrantType(OAuthError):
    """The issuer does not support this grant type (RFC 6749 section 5.2)."""

    code = "unsupported_grant_type"
    default_section = "RFC 6749 section 5.2"


class UnsupportedResponseType(OAuthError):
    """The issuer does not support this response type (RFC 6749 section 4.1.2.1)."""

    code = "unsupported_response_type"
    default_section = "RFC 6749 section 4.1.2.1"


class InvalidScope(OAuthError):
    """The scope is unknown, malformed, or beyond what was granted (RFC 6749 section 5.2)."""

    code = "invalid_scope"
    default_section = "RFC 6749 section 3.3"


class InvalidTarget(OAuthError):
    """The resource is unknown, malformed, or beyond what was granted (RFC 8707 section 2)."""

    code = "invalid_target"
    default_section = "RFC 8707 section 2"


class AccessDenied(OAuthError):
    """The user, or the policy of the issuer, said no (RFC 6749 section 4.1.2.1)."""

    code = "access_denied"
    default_section = "RFC 6749 section 4.1.2.1"


class LoginRequired(OAuthError):
    """``prompt=none`` and nobody is logged in (OpenID Connect Core section 3.1.2.6)."""

    code = "login_required"
    default_section = "OpenID Connect Core section 3.1.2.6"


class ConsentRequired(OAuthError):
    """``prompt=none`` and consent has not been given (OpenID Connect Core section 3.1.2.6)."""

    code = "consent_required"
    default_section = "OpenID Connect Core section 3.1.2.6"


class UnmetAuthenticationRequirements(OAuthError):
    """An essential ``acr`` that no login here satisfies (OpenID Connect Core Error Code 1.0)."""

    code = "unmet_authentication_requirements"
    default_section = "OpenID Connect Core section 5.5.1.1"


class InvalidRequestObject(OAuthError):
    """The request object is malformed, wrongly signed, or not for this issuer (RFC 9101 section 7)."""

    code = "invalid_request_object"
    default_section = "RFC 9101 section 6"


class InvalidRequestUri(OAuthError):
    """The pushed request is unknown, used, expired, or of another client, or no request object is at the address."""

    code = "invalid_request_uri"
    default_section = "RFC 9126 section 4"


class RequestNotSupported(OAuthError):
    """Request objects are not supported (OpenID Connect Core section 3.1.2.6)."""

    code = "request_not_supported"
    default_section = "OpenID Connect Core section 3.1.2.6"


class RequestUriNotSupported(OAuthError):
    """Request objects by reference are not supported (OpenID Connect Core section 3.1.2.6)."""

    code = "request_uri_not_supported"
    default_section = "OpenID Connect Core section 3.1.2.6"


class RegistrationNotSupported(OAuthError):
    """Registration within the request is not supported (OpenID Connect Core section 3.1.2.6)."""

    code = "registration_not_supported"
    default_section = "OpenID Connect Core section 3.1.2.6"


class InvalidToken(OAuthError):
    """The access token is missing, malformed, expired or revoked (RFC 6750 section 3.1)."""

    code = "invalid_token"
    status = 401
    default_section = "RFC 6750 section 3.1"


class InsufficientScope(OAuthError):
    """The access token lacks a scope that this needs (RFC 6750 section 3.1)."""

    code = "insufficient_scope"
    status = 403
    default_section = "RFC 6750 section 3.1"


class AuthorizationPending(OAuthError):
    """The user has not decided yet (RFC 8628 section 3.5)."""

    code = "authorization_pending"
    default_section = "RFC 8628 section 3.5"


class SlowDown(OAuthError):
    """The device polls faster than it may (RFC 8628 section 3.5)."""

    code = "slow_down"
    default_section = "RFC 8628 section 3.5"


class ExpiredToken(OAuthError):
    """The device code has expired (RFC 8628 section 3.5)."""

    code = "expired_token"
    default_section = "RFC 8628 section 3.5"


class InvalidDpopProof(OAuthError):
    """The DPoP proof is missing, malformed, replayed, or for something else (RFC 9449 section 5)."""

    code = "invalid_dpop_proof"
    default_section = "RFC 9449 section 4.3"


class UseDpopNonce(OAuthError):
    """The DPoP proof needs a nonce that the header ``DPoP-Nonce`` gives (RFC 9449 section 8)."""

    code = "use_dpop_nonce"
    default_section = "RFC 9449 section 8"


class UnsupportedTokenType(OAuthError):
    """The issuer does not revoke tokens of this type (RFC 7009 section 2.2.1)."""

    code = "unsupported_token_type"
    default_section = "RFC 7009 section 2.2.1"


class InvalidRedirectUri(OAuthError):
    """A redirect URI of a registration is not acceptable (RFC 7591 section 3.2.2)."""

    code = "invalid_redirect_uri"
    default_section = "RFC 7591 section 3.2.2"


class InvalidClientMetadata(OAuthError):
    """A field of a registration is not acceptable (RFC 7591 section 3.2.2)."""

    code = "invalid_client_metadata"
    default_section = "RFC 7591 section 3.2.2"


class NotFound(OAuthError):
    """Nothing is served at this address."""

    code = "not_found"
    status = 404


class MethodNotAllowed(OAuthError):
    """The address exists, the method does not (RFC 9110 section 15.5.6)."""

    code = "invalid_request"
    status = 405
    default_section = "RFC 9110 section 15.5.6"


class ContentTooLarge(OAuthError):
    """The request body is larger than this server reads (RFC 9110 section 15.5.14)."""

    code = "invalid_request"
    status = 413
    default_section = "RFC 9110 section 15.5.14"


class MisdirectedRequest(OAuthError):
    """The request was meant for a server of another name (RFC 9110 section 15.5.20)."""

    code = "invalid_request"
    status = 421
    default_section = "RFC 9110 section 15.5.20"


class TooManyFailedLogins(OAuthError):
    """Too many logins from this address have failed (RFC 6585 section 4)."""

    code = "access_denied"
    status = 429
    default_section = "RFC 6585 section 4"


class TemporarilyUnavailable(OAuthError):
    """The server cannot answer at this moment, and may later (RFC 6749 section 4.1.2.1)."""

    code = "temporarily_unavailable"
    status = 503


class ServerError(OAuthError):
    """A defect of devidp itself (RFC 6749 section 4.1.2.1)."""

    code = "server_error"
    status = 500
