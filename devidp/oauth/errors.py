"""One error type, one class per code: what went wrong, and what the developer should change.

Section 5.2 of RFC 6749 limits the characters of ``error`` and ``error_description``:
``OAuthError.description`` is always inside that set, whatever it was built from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

MAX_QUOTED = 200
TOKEN_ERRORS = "RFC 6749 section 5.2"
LOGIN_ERRORS = "OpenID Connect Core section 3.1.2.6"


def printable(text: str) -> str:
    """``text`` within the characters that RFC 6749 section 5.2 allows; the others become ``?`` or ``'``."""
    text = text.replace('"', "'").replace("\\", "/")
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if " " <= char <= "~" else "?" for char in text)


def quoted(value: object) -> str:
    """A received value, shortened and in quotes, for use inside a description."""
    return f"'{shortened(str(value))}'"


def as_text(value: object) -> str:
    """A claim as one compares it: a text as it is, a list of texts with spaces between; empty for anything else."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " ".join(value)
    return value if isinstance(value, str) else ""


def shortened(text: str, longest: int = MAX_QUOTED) -> str:
    """``text``, or its beginning and how long it is."""
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"


class OAuthError(Exception):
    """A refusal. ``reason`` says what came and what was expected, ``remedy`` what to change.

    ``section`` names the specification that was broken. ``headers`` are added to the HTTP answer. Where one value was
    compared with others, ``got`` is what came and ``expected`` what would have been right; neither is ever a secret.
    """

    code: ClassVar[str] = "invalid_request"
    status: ClassVar[int] = 400
    default_section: ClassVar[str] = ""

    def __init_subclass__(cls, code: str = "", status: int = 0, section: str = "") -> None:
        cls.code = code or cls.code
        cls.status = status or cls.status
        cls.default_section = section or cls.default_section

    def __init__(
        self,
        reason: str,
        *,
        remedy: str = "",
        section: str = "",
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        got: str = "",
        expected: Iterable[str] = (),
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.got = got
        self.expected = tuple(expected)
        self.section = section or self.default_section
        self.http_status = self.status if status is None else status
        self.headers = dict(headers or {})

    @property
    def description(self) -> str:
        """``error_description``: reason, remedy and section in one line of the permitted characters."""
        parts = [sentence(self.reason), sentence(self.remedy), f"See {self.section}." if self.section else ""]
        return printable(" ".join(part for part in parts if part))

    def body(self) -> dict[str, str]:
        return {"error": self.code, "error_description": self.description}


def sentence(text: str) -> str:
    """``text`` with the mark at its end."""
    return text if not text or text[-1] in ".!?" else f"{text}."


class Problem(Exception):
    """What is wrong, before it is known which error a client gets for it: a ``reason``, and a ``remedy`` or none.

    ``got`` and ``expected`` are those of the error.
    """

    def __init__(self, reason: str, remedy: str = "", *, got: str = "", expected: Iterable[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.got = got
        self.expected = tuple(expected)


class InvalidRequest(OAuthError, code="invalid_request", section=TOKEN_ERRORS):
    """A parameter is missing, repeated, malformed or not supported."""


class InvalidClient(OAuthError, code="invalid_client", status=401, section=TOKEN_ERRORS):
    """Client authentication failed."""


class InvalidGrant(OAuthError, code="invalid_grant", section=TOKEN_ERRORS):
    """The code or refresh token is unknown, expired, revoked, used, or of another client."""


class UnauthorizedClient(OAuthError, code="unauthorized_client", section=TOKEN_ERRORS):
    """The client may not use this grant or response type."""


class UnsupportedGrantType(OAuthError, code="unsupported_grant_type", section=TOKEN_ERRORS):
    """The issuer does not support this grant type."""


class UnsupportedResponseType(OAuthError, code="unsupported_response_type", section="RFC 6749 section 4.1.2.1"):
    """The issuer does not support this response type."""


class InvalidScope(OAuthError, code="invalid_scope", section="RFC 6749 section 3.3"):
    """The scope is unknown, malformed, or beyond what was granted (RFC 6749 section 5.2)."""


class InvalidTarget(OAuthError, code="invalid_target", section="RFC 8707 section 2"):
    """The resource is unknown, malformed, or beyond what was granted."""


class AccessDenied(OAuthError, code="access_denied", section="RFC 6749 section 4.1.2.1"):
    """The user, or the policy of the issuer, said no."""


class LoginRequired(OAuthError, code="login_required", section=LOGIN_ERRORS):
    """``prompt=none`` and nobody is logged in."""


class ConsentRequired(OAuthError, code="consent_required", section=LOGIN_ERRORS):
    """``prompt=none`` and consent has not been given."""


class UnmetAuthenticationRequirements(
    OAuthError, code="unmet_authentication_requirements", section="OpenID Connect Core section 5.5.1.1"
):
    """An essential ``acr`` that no login here satisfies (OpenID Connect Core Error Code 1.0)."""


class InvalidRequestObject(OAuthError, code="invalid_request_object", section="RFC 9101 section 6"):
    """The request object is malformed, wrongly signed, or not for this issuer (RFC 9101 section 7)."""


class InvalidRequestUri(OAuthError, code="invalid_request_uri", section="RFC 9126 section 4"):
    """The pushed request is unknown, used, expired, or of another client, or no request object is at the address."""


class RequestNotSupported(OAuthError, code="request_not_supported", section=LOGIN_ERRORS):
    """Request objects are not supported."""


class RequestUriNotSupported(OAuthError, code="request_uri_not_supported", section=LOGIN_ERRORS):
    """Request objects by reference are not supported."""


class RegistrationNotSupported(OAuthError, code="registration_not_supported", section=LOGIN_ERRORS):
    """Registration within the request is not supported."""


class InvalidToken(OAuthError, code="invalid_token", status=401, section="RFC 6750 section 3.1"):
    """The access token is missing, malformed, expired or revoked."""


class InsufficientScope(OAuthError, code="insufficient_scope", status=403, section="RFC 6750 section 3.1"):
    """The access token lacks a scope that this needs."""


class AuthorizationPending(OAuthError, code="authorization_pending", section="RFC 8628 section 3.5"):
    """The user has not decided yet."""


class SlowDown(OAuthError, code="slow_down", section="RFC 8628 section 3.5"):
    """The device polls faster than it may."""


class ExpiredToken(OAuthError, code="expired_token", section="RFC 8628 section 3.5"):
    """The device code has expired."""


class InvalidDpopProof(OAuthError, code="invalid_dpop_proof", section="RFC 9449 section 4.3"):
    """The DPoP proof is missing, malformed, replayed, or for something else (RFC 9449 section 5)."""


class UseDpopNonce(OAuthError, code="use_dpop_nonce", section="RFC 9449 section 8"):
    """The DPoP proof needs a nonce that the header ``DPoP-Nonce`` gives."""


class InvalidRedirectUri(OAuthError, code="invalid_redirect_uri", section="RFC 7591 section 3.2.2"):
    """A redirect URI of a registration is not acceptable."""


class InvalidClientMetadata(OAuthError, code="invalid_client_metadata", section="RFC 7591 section 3.2.2"):
    """A field of a registration is not acceptable."""


class NotFound(OAuthError, code="not_found", status=404):
    """Nothing is served at this address."""


class MethodNotAllowed(OAuthError, code="invalid_request", status=405, section="RFC 9110 section 15.5.6"):
    """The address exists, the method does not."""


class ContentTooLarge(OAuthError, code="invalid_request", status=413, section="RFC 9110 section 15.5.14"):
    """The request body is larger than this server reads."""


class MisdirectedRequest(OAuthError, code="invalid_request", status=421, section="RFC 9110 section 15.5.20"):
    """The request was meant for a server of another name."""


class TooManyFailedLogins(OAuthError, code="access_denied", status=429, section="RFC 6585 section 4"):
    """Too many logins, or user codes of devices, from this address have failed (RFC 8628 section 5.1)."""


class TemporarilyUnavailable(OAuthError, code="temporarily_unavailable", status=503):
    """The server cannot answer at this moment, and may later (RFC 6749 section 4.1.2.1)."""


class ServerError(OAuthError, code="server_error", status=500):
    """A defect of devidp itself (RFC 6749 section 4.1.2.1)."""


class ScriptedError(OAuthError):
    """Whichever error a test or a person asked for."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        vars(self)["code"] = code
