"""Why a request is refused, and the HTTP response that says so (RFC 6750 section 3, RFC 9470 section 3,
RFC 9728 section 5.1)."""

from __future__ import annotations

import json

from starlette.responses import JSONResponse


class Refused(Exception):
    """``error`` is the code of RFC 6750, empty where none fits."""

    status = 403
    error = ""

    def __init__(self, description: str, scope: str = "") -> None:
        super().__init__(description)
        self.description = description
        self.scope = scope


class NoToken(Refused):
    """No token was sent: the challenge has no error code then (RFC 6750 section 3.1)."""

    status = 401


class InvalidToken(Refused):
    """The token is malformed, expired, revoked, or for somebody else."""

    status = 401
    error = "invalid_token"


class InsufficientScope(Refused):
    """A token with ``scope`` would do: clients may ask for it and try again."""

    error = "insufficient_scope"


class InsufficientUserAuthentication(Refused):
    """A login of one of ``acr_values``, at most ``max_age`` seconds ago, would do (RFC 9470 section 3)."""

    status = 401
    error = "insufficient_user_authentication"

    def __init__(self, description: str, scope: str, acr_values: str, max_age: int | None) -> None:
        super().__init__(description, scope)
        self.wanted = {"acr_values": acr_values, **({} if max_age is None else {"max_age": str(max_age)})}


class Forbidden(Refused):
    """No scope would help, so no scope is asked for."""


class Unavailable(Refused):
    """The issuer cannot be reached: logging in again would not help."""

    status = 503


def response_to(refused: Refused, metadata_url: str, scope: str) -> JSONResponse:
    """``scope`` is what a client should ask for that has no valid token yet."""
    body = {"error": refused.error or type(refused).__name__.lower(), "error_description": refused.description}
    headers = {"Cache-Control": "no-store"}
    if not isinstance(refused, Forbidden | Unavailable):
        parameters = {
            "error": refused.error,
            "error_description": refused.description if refused.error else "",
            "scope": refused.scope or scope,
            **(refused.wanted if isinstance(refused, InsufficientUserAuthentication) else {}),
            "resource_metadata": metadata_url,
        }
        said = (f"{name}={_quoted(value)}" for name, value in parameters.items() if value)
        headers["WWW-Authenticate"] = f"Bearer {', '.join(said)}"
    return JSONResponse(body, refused.status, headers)


def _quoted(value: str) -> str:
    """A quoted string with only the characters of RFC 6750 section 3, so that nothing of a request can break out."""
    return json.dumps("".join(char if " " <= char <= "~" and char not in '"\\' else "'" for char in value))
