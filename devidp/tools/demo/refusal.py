"""Why a request is refused, and the status that says so (RFC 6750 section 3.1)."""

from __future__ import annotations


class Refused(Exception):
    """The request is not answered; ``error`` is the code of RFC 6750, empty where none fits."""

    status = 403
    error = ""

    def __init__(self, description: str, scope: str = "") -> None:
        super().__init__(description)
        self.description = description
        self.scope = scope


class NoToken(Refused):
    """Nothing came: the challenge has no error code then (RFC 6750 section 3.1)."""

    status = 401


class InvalidToken(Refused):
    """The token is malformed, expired, revoked, or for somebody else."""

    status = 401
    error = "invalid_token"


class InsufficientScope(Refused):
    """A wider token would do: clients may ask for ``scope`` and come again."""

    error = "insufficient_scope"


class Forbidden(Refused):
    """No scope would help, so no scope is asked for."""


class Unavailable(Refused):
    """The issuer cannot be asked: that is no fault of the token, and logging in again would not help."""

    status = 503
