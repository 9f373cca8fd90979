"""The authorization code flow of a client of the seed, over HTTP (OAuth 2.1 section 4.1)."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlencode

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import base64url, names
from devidp.server.local.browser import Base, Browser, LoginFailed, Person


class LoginFlow:
    """One login of ``user`` through ``client``; ``parameters`` are added to the authorization request."""

    def __init__(
        self, base: Base, issuer: Issuer, client: Client, person: Person, parameters: Mapping[str, str | list[str]]
    ) -> None:
        self._issuer = issuer
        self._client = client
        self._browser = Browser(base, person)
        self._verifier = secrets.token_urlsafe(32)
        self._redirect_uri = str(parameters.get("redirect_uri") or _redirect_uri(client))
        self._state = str(parameters.get("state") or secrets.token_urlsafe(16))
        self._parameters = parameters

    def run(self) -> dict[str, Any]:
        """The token response; raises LoginFailed."""
        answer = self._browser.authorize(self._request()).parameters()
        if "error" in answer:
            raise LoginFailed(answer["error"], answer.get("error_description", ""))
        if answer.get("state") != self._state:
            raise LoginFailed("", f"got the state {answer.get('state')!r}, expected {self._state!r}")
        if "code" not in answer:
            raise LoginFailed("", f"the answer has no code, only: {', '.join(answer) or 'nothing'}")
        return self._exchange(answer["code"])

    def _request(self) -> str:
        challenge = base64url.encode(sha256(self._verifier.encode()).digest())
        request: dict[str, str | list[str]] = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._redirect_uri,
            "state": self._state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **self._parameters,
        }
        return f"{self._issuer.url}/authorize?{urlencode(request, doseq=True)}"

    def _exchange(self, code: str) -> dict[str, Any]:
        fields = [
            ("grant_type", names.AUTHORIZATION_CODE),
            ("code", code),
            ("redirect_uri", self._redirect_uri),
            ("code_verifier", self._verifier),
        ]
        headers = {}
        if self._client.public:
            fields.append(("client_id", self._client.client_id))
        elif names.SECRET_BASIC in self._client.auth_methods:
            headers["Authorization"] = _basic(self._client)
        else:
            fields += [("client_id", self._client.client_id), ("client_secret", self._client.secret or "")]
        answer = self._browser.send("POST", f"{self._issuer.url}/token", fields, headers)
        try:
            body: dict[str, Any] = json.loads(answer.text)
        except ValueError:
            raise LoginFailed("", f"the token endpoint answered {answer.status}: {answer.text[:200]!r}") from None
        if answer.status != 200:
            raise LoginFailed(body.get("error", ""), body.get("error_description", ""))
        return body


def _basic(client: Client) -> str:
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.secret or '')}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def _redirect_uri(client: Client) -> str:
    if not client.redirect_uris:
        raise LoginFailed("", f"client {client.client_id!r} has no redirect URI; give it one, or name another client")
    return client.redirect_uris[0]
