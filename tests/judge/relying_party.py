"""A client that logs a user in with OpenID Connect: Authlib's session, and joserfc for the ID token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.jwk import KeySet

from devidp.models import Client


class RelyingParty:
    """Looks at the claims of the ID token unless it is ``careless``."""

    def __init__(
        self, client: Client, *, careless: bool = False, userinfo: bool = True, follow_redirects: bool = False
    ) -> None:
        self._client = client
        self._careless = careless
        self._userinfo = userinfo
        self._follow_redirects = follow_redirects

    def __call__(self, issuer: str, browser: Callable[[str], str]) -> None:
        metadata = httpx.get(f"{issuer}/.well-known/openid-configuration").raise_for_status().json()
        nonce, verifier = generate_token(), generate_token(48)
        session = OAuth2Client(
            self._client.client_id,
            self._client.secret,
            redirect_uri=self._client.redirect_uris[0],
            scope="openid profile",
            code_challenge_method="S256",
            follow_redirects=self._follow_redirects,
        )
        with session:
            address, state = session.create_authorization_url(
                metadata["authorization_endpoint"], nonce=nonce, code_verifier=verifier
            )
            tokens = session.fetch_token(
                metadata["token_endpoint"],
                authorization_response=browser(address),
                state=state,
                code_verifier=verifier,
            )
            if not self._careless:
                self._check(metadata, tokens, nonce)
            if self._userinfo:
                session.get(metadata["userinfo_endpoint"]).raise_for_status()

    def _check(self, metadata: dict[str, Any], tokens: dict[str, Any], nonce: str) -> None:
        keys = KeySet.import_key_set(httpx.get(metadata["jwks_uri"]).raise_for_status().json())
        token = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"])
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": metadata["issuer"]},
            aud={"essential": True, "value": self._client.client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
            exp={"essential": True},
        ).validate(token.claims)
