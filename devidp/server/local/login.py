"""The authorization code flow of a client of the seed, over HTTP (OAuth 2.1 section 4.1)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import base64url, names
from devidp.oauth.authorization_header import basic
from devidp.server.local.proof import DpopKey, key_of, proof
from devidp.web.browser import Browser, Page
from devidp.web.control.errors import UnknownName
from devidp.web.person import Base, LoginFailed, Person

WORDS = (
    "access_type", "acr_values", "claims", "display", "id_token_hint", "login_hint", "max_age", "nonce", "prompt",
    "redirect_uri", "resource", "response_mode", "response_type", "state", "ui_locales",
)  # fmt: skip
"""Parameters of an authorization request that a login takes as they are."""
ARGUMENTS = ("user", "client", "scope", "audience", "issuer", "deny", "consent", "dpop", "acr", "second_factor")


def check_words(parameters: Iterable[str]) -> None:
    """Raise UnknownName for a parameter that no login has."""
    for name in parameters:
        if name not in WORDS:
            raise UnknownName("parameter of a login", name, (*ARGUMENTS, *WORDS))


class LoginFlow:
    """One login of ``user`` through ``client``; ``parameters`` are added to the authorization request."""

    def __init__(
        self,
        base: Base,
        issuer: Issuer,
        client: Client,
        person: Person,
        parameters: Mapping[str, str | list[str]],
        dpop: DpopKey = False,
    ) -> None:
        self._issuer = issuer
        self._client = client
        self._browser = Browser(base, person)
        self._verifier = secrets.token_urlsafe(32)
        self._redirect_uri = str(parameters.get("redirect_uri") or _redirect_uri(client))
        self._state = str(parameters.get("state") or secrets.token_urlsafe(16))
        self._parameters = dict(parameters)
        self._kind = str(parameters.get("response_type", "code")).split()
        self._key = key_of(dpop)
        if (person.deny or person.consent is not None) and "prompt" not in parameters:
            self._parameters["prompt"] = "consent"  # what was granted before is not asked again
        if "id_token" in self._kind:
            self._parameters.setdefault("nonce", secrets.token_urlsafe(16))

    def run(self) -> dict[str, Any]:
        """The token response; raises LoginFailed.

        Of a hybrid flow it has what the authorization endpoint gave as ``authorization_response``; without a code that
        is all.
        """
        answer = self._browser.authorize(self._request()).parameters()
        if "error" in answer:
            raise LoginFailed(answer["error"], answer.get("error_description", ""))
        if answer.get("state") != self._state:
            raise LoginFailed("", f"got the state {answer.get('state')!r}, expected {self._state!r}")
        if "code" not in self._kind:
            return {name: int(value) if name == "expires_in" else value for name, value in answer.items()}
        if "code" not in answer:
            raise LoginFailed("", f"the answer has no code, only: {', '.join(answer) or 'nothing'}")
        tokens = self._exchange(answer["code"])
        return tokens if self._kind == ["code"] else {**tokens, "authorization_response": answer}

    def _request(self) -> str:
        challenge = base64url.encode(sha256(self._verifier.encode()).digest())
        request: dict[str, str | list[str]] = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._redirect_uri,
            "state": self._state,
            **self._parameters,
        }
        if "code" in self._kind:
            request |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return f"{self._issuer.addresses.of('authorize')}?{urlencode(request, doseq=True)}"

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
            headers["Authorization"] = basic(self._client.client_id, self._client.secret or "")
        else:
            fields += [("client_id", self._client.client_id), ("client_secret", self._client.secret or "")]
        answer = self._send_token_request(fields, headers)
        try:
            body: dict[str, Any] = json.loads(answer.text)
        except ValueError:
            raise LoginFailed("", f"the token endpoint answered {answer.status}: {answer.text[:200]!r}") from None
        if answer.status != 200:
            raise LoginFailed(body.get("error", ""), body.get("error_description", ""))
        return body

    def _send_token_request(self, fields: list[tuple[str, str]], headers: dict[str, str]) -> Page:
        """With a proof where there is a key, and once more where the issuer asks for a nonce (RFC 9449 section 8)."""
        url = self._issuer.addresses.of("token")
        if self._key is None:
            return self._browser.send("POST", url, fields, headers)
        nonce = None
        for _ in range(2):
            headers["DPoP"] = proof(self._key, "POST", url, self._issuer.clock.seconds(), nonce)
            answer = self._browser.send("POST", url, fields, headers)
            nonce = answer.headers.get("DPoP-Nonce")
            if answer.status != 400 or nonce is None or "use_dpop_nonce" not in answer.text:
                break
        return answer


def _redirect_uri(client: Client) -> str:
    if client.redirects != "registered":
        return "http://localhost/callback"
    if not client.redirect_uris:
        raise LoginFailed("", f"client {client.client_id!r} has no redirect URI; give it one, or name another client")
    return client.redirect_uris[0]
