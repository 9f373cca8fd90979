"""A client that has what a test needs tokens for: Authlib's session, and a person who logs in."""

from __future__ import annotations

from typing import Any

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

from tests.flow import REDIRECT_URI
from tests.real_clients.browser import Browser
from tests.real_clients.verifier import metadata


class Client:
    """The confidential client ``web`` of the shipped seed."""

    def __init__(self, issuer: str, browser: Browser) -> None:
        self.metadata = metadata(issuer)
        self.nonce = generate_token()
        self._browser = browser
        self.session = OAuth2Session("web", "web-secret", redirect_uri=REDIRECT_URI, code_challenge_method="S256")

    def log_in(self, scope: str, username: str = "alice", **parameters: str) -> dict[str, Any]:
        """The whole flow: a token response."""
        verifier = generate_token(48)
        address, _ = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"],
            code_verifier=verifier,
            scope=scope,
            nonce=self.nonce,
            **parameters,
        )
        answer = self._browser.authorize(address, username)
        tokens: dict[str, Any] = self.session.fetch_token(
            self.metadata["token_endpoint"], authorization_response=answer, code_verifier=verifier
        )
        return tokens
