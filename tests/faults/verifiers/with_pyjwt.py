"""PyJWT with its client of a JWK Set."""

from __future__ import annotations

from typing import Any

import jwt

from tests.faults.verifiers import REQUIRED, Server, Verifier, strict_application, usual_application


class LocalKeys(jwt.PyJWKClient):
    """The client as it is, with a JWK Set that does not come over the network."""

    def __init__(self, jwks: dict[str, Any]) -> None:
        super().__init__("https://issuer.invalid/jwks", cooldown_duration=0)
        self._jwks = jwks

    def fetch_data(self) -> Any:
        return self._jwks


def usual(token: str, server: Server) -> None:
    key = LocalKeys(server.jwks).get_signing_key_from_jwt(token)
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=server.audience, issuer=server.issuer)
    usual_application(claims, server)


def strict(token: str, server: Server) -> None:
    key = LocalKeys(server.jwks).get_signing_key_from_jwt(token)
    decoded = jwt.decode_complete(
        token,
        key,
        algorithms=["RS256"],
        audience=server.audience,
        issuer=server.issuer,
        options={"require": REQUIRED, "strict_aud": True},
    )
    strict_application(token, decoded["header"], decoded["payload"], server)


VERIFIERS = (
    Verifier("PyJWT", "usual", usual, (jwt.PyJWTError,)),
    Verifier("PyJWT", "strict", strict, (jwt.PyJWTError,)),
)
