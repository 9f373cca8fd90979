"""Verifiers that people use, set up as their own documentation shows and as strictly as they can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["refuses", "accepts", "crashes"]
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "jti", "client_id"]
"""RFC 9068 section 2.2."""
MAX_LIFETIME, MAX_TOKEN = 86400, 16 * 1024


class Refused(Exception):
    """The application says no: 401 or 403."""


@dataclass(frozen=True, slots=True)
class Server:
    """What the resource server of the tests knows."""

    issuer: str
    audience: str
    jwks: dict[str, Any]
    scope: str = "mcp:read"
    subject: str = "alice"
    tenant: str = "acme"


@dataclass(frozen=True, slots=True)
class Verifier:
    """``verify`` returns for a token that is accepted; ``refusals`` are the errors that the library documents."""

    library: str
    variant: str
    verify: Callable[[str, Server], None]
    refusals: tuple[type[Exception], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.library}, {self.variant}"

    def verdict(self, token: str, server: Server) -> Verdict:
        try:
            self.verify(token, server)
        except Exception as error:  # noqa: BLE001 - whatever else escapes a verifier becomes a 500
            return "refuses" if isinstance(error, (Refused, *self.refusals)) else "crashes"
        return "accepts"


def usual_application(claims: Mapping[str, Any], server: Server) -> None:
    """What an application usually does with the claims: looks for its scope."""
    if server.scope not in claims.get("scope", "").split():
        raise Refused


def strict_application(token: str, header: Mapping[str, Any], claims: Mapping[str, Any], server: Server) -> None:
    """What is left to the application where the library does all that it can."""
    scope, exp, iat = claims.get("scope"), claims.get("exp"), claims.get("iat")
    checks = (
        len(token) <= MAX_TOKEN,
        str(header.get("typ")).lower() in ("at+jwt", "application/at+jwt"),
        "crit" not in header,
        isinstance(header.get("kid"), str),
        isinstance(scope, str) and server.scope in scope.split(" "),
        type(exp) is int and type(iat) is int and exp - iat <= MAX_LIFETIME,
        type(claims.get("nbf", 0)) is int,
        claims.get("iss") == server.issuer,
        claims.get("aud") in (server.audience, [server.audience]),
        claims.get("sub") == server.subject,
        claims.get("tenant_id") == server.tenant,
        claims.get("token_use", "access") == "access",
        all(isinstance(claims.get(name), str) and claims[name] for name in ("jti", "client_id")),
    )
    if not all(checks):
        raise Refused
