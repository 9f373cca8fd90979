"""A resource server's view of a token: PyJWT, with keys from the published JWK Set."""

from __future__ import annotations

from typing import Any

import httpx
import jwt
from jwt import PyJWKClient

REQUIRED = ["iss", "sub", "aud", "exp", "iat"]


def metadata(issuer: str) -> dict[str, Any]:
    """What the issuer says of itself (OpenID Connect Discovery)."""
    found: dict[str, Any] = httpx.get(f"{issuer}/.well-known/openid-configuration").raise_for_status().json()
    return found


def key_client(issuer: str) -> PyJWKClient:
    return PyJWKClient(metadata(issuer)["jwks_uri"])


def verify(token: str, issuer: str, audience: str, keys: PyJWKClient | None = None) -> dict[str, Any]:
    """The claims of ``token``; raises ``jwt.InvalidTokenError`` where it is not for ``audience``, or no good."""
    key = (keys or key_client(issuer)).get_signing_key_from_jwt(token)
    return jwt.decode(
        token, key, algorithms=["RS256", "ES256"], issuer=issuer, audience=audience, options={"require": REQUIRED}
    )
