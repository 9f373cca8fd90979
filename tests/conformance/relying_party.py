"""A relying party that checks what the certification suite of the OpenID Foundation checks in each of its modules."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import jwt
from werkzeug.test import TestResponse

from tests.flow import Flow, Form, answered

REDIRECT_URI = "https://rp.example/callback"
ALLOWED = frozenset(
    {"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "jti", "sid"}
)
"""Claims that an ID token may have unasked."""


@dataclass(frozen=True)
class Variant:
    """One run of a plan: a response type, and a response mode where it is not the default."""

    response_type: str
    form_post: bool = False

    def __str__(self) -> str:
        return self.response_type.replace(" ", "+") + (",form_post" if self.form_post else "")

    def brings(self, part: str) -> bool:
        return part in self.response_type.split()


@dataclass
class Outcome:
    """What one login brought: the callback, the token response, and the claims of every ID token."""

    callback: dict[str, str]
    tokens: dict[str, Any] = field(default_factory=dict)
    id_tokens: list[dict[str, Any]] = field(default_factory=list)

    @property
    def claims(self) -> dict[str, Any]:
        """Those of the last ID token."""
        return self.id_tokens[-1]

    @property
    def access_token(self) -> str:
        token: str = self.tokens.get("access_token") or self.callback["access_token"]
        return token


class RelyingParty:
    """A client that registers itself and logs users in, in one browser."""

    def __init__(self, provider: Flow, variant: Variant, auth_method: str = "client_secret_basic") -> None:
        self.flow = provider.other_browser()
        self.variant = variant
        self.metadata = self.flow.metadata()
        self.auth_method = auth_method
        self.redirect_uri = REDIRECT_URI
        self.client = self._register()

    def _register(self) -> dict[str, Any]:
        grants = ["authorization_code", "refresh_token"] if self.variant.brings("code") else []
        if self.variant.response_type != "code":
            grants.append("implicit")
        response = self.flow.register(
            client_name="conformance",
            redirect_uris=[REDIRECT_URI],
            grant_types=grants,
            response_types=[self.variant.response_type],
            token_endpoint_auth_method=self.auth_method,
            contacts=["certification@rp.example"],
        )
        assert response.status_code == 201, response.text
        registered: dict[str, Any] = response.get_json()
        return registered

    def request(self, **changes: Any) -> dict[str, Any]:
        """An authorization request; ``None`` leaves a parameter out."""
        parameters = {
            "client_id": self.client["client_id"],
            "redirect_uri": self.redirect_uri,
            "scope": "openid",
            "state": secrets.token_urlsafe(16),
            "nonce": secrets.token_urlsafe(16),
            "response_type": self.variant.response_type,
            "response_mode": "form_post" if self.variant.form_post else None,
        }
        return {name: value for name, value in {**parameters, **changes}.items() if value is not None}

    def open(self, parameters: dict[str, Any], method: str = "GET") -> TestResponse:
        path = urlsplit(self.metadata["authorization_endpoint"]).path
        if method == "POST":
            return self.flow.http.post(path, data=parameters)
        return self.flow.http.get(path, query_string=parameters)

    def callback(self, response: TestResponse, parameters: dict[str, Any]) -> dict[str, str]:
        """The answer at the redirect URI, once its place, its state and its issuer have been checked."""
        if parameters.get("response_mode") == "form_post":
            assert response.status_code == 200, response.text
            assert Form(response.text).action == self.redirect_uri
        else:
            location = urlsplit(response.headers["Location"])
            query = parameters.get("response_type", "code") == "code"
            assert bool(location.query) == query
            assert bool(location.fragment) != query
        answer = answered(response)
        assert answer.get("state") == parameters.get("state")
        assert answer["iss"] == self.metadata["issuer"]
        return answer

    def error(self, response: TestResponse, parameters: dict[str, Any]) -> str:
        """The error code of a refusal that came to the client, once the rest of it has been checked."""
        answer = self.callback(response, parameters)
        assert set(answer) <= {"error", "error_description", "error_uri", "state", "iss"}
        assert not set("\r\n\t") & set(answer["error_description"])
        return answer["error"]

    def log_in(self, method: str = "GET", **changes: Any) -> Outcome:
        """A whole login, with every check that each module makes."""
        parameters = self.request(**changes)
        page = self.flow.finish(self.open(parameters, method))
        return self.complete(page, parameters)

    def complete(self, page: TestResponse, parameters: dict[str, Any]) -> Outcome:
        """From the answer of the authorization endpoint to the tokens."""
        outcome = Outcome(self.callback(page, parameters))
        callback = outcome.callback
        assert "error" not in callback, callback
        for part, name in (("code", "code"), ("token", "access_token"), ("id_token", "id_token")):
            assert (name in callback) == self.variant.brings(part)
        if "id_token" in callback:
            bound = {"at_hash": callback.get("access_token"), "c_hash": callback.get("code")}
            outcome.id_tokens.append(self.checked(callback["id_token"], parameters.get("nonce"), bound))
        if "code" in callback:
            self._exchange(outcome, parameters)
        subjects = {claims["sub"] for claims in outcome.id_tokens}
        if self.variant.response_type != "id_token":
            subjects.add(self.userinfo(outcome)["sub"])
        assert subjects == {"alice"}
        return outcome

    def _exchange(self, outcome: Outcome, parameters: dict[str, Any]) -> None:
        assert len(outcome.callback["code"]) >= 22
        response = self.exchange(outcome.callback["code"])
        assert response.status_code == 200, response.text
        assert response.headers["Cache-Control"] == "no-store"
        outcome.tokens = response.get_json()
        assert outcome.tokens["token_type"].lower() == "bearer"
        assert outcome.tokens["expires_in"] > 0
        bound = {"at_hash": outcome.tokens["access_token"]}
        outcome.id_tokens.append(self.checked(outcome.tokens["id_token"], parameters.get("nonce"), bound))

    def exchange(self, code: str, **changes: Any) -> TestResponse:
        return self.token(grant_type="authorization_code", code=code, redirect_uri=self.redirect_uri, **changes)

    def token(self, **parameters: Any) -> TestResponse:
        path = urlsplit(self.metadata["token_endpoint"]).path
        credentials = (self.client["client_id"], self.client["client_secret"])
        if self.auth_method == "client_secret_post":
            sent = {**parameters, "client_id": credentials[0], "client_secret": credentials[1]}
            return self.flow.http.post(path, data=sent)
        return self.flow.http.post(path, data=parameters, auth=credentials)

    def checked(self, id_token: str, nonce: str | None, bound: dict[str, str | None]) -> dict[str, Any]:
        """The claims of an ID token that a relying party may believe (OpenID Connect Core section 3.1.3.7)."""
        header = jwt.get_unverified_header(id_token)
        keys = jwt.PyJWKSet.from_dict(self.flow.http.get(urlsplit(self.metadata["jwks_uri"]).path).get_json())
        key = next(key for key in keys.keys if key.key_id == header["kid"])
        # the clock of the provider is moved by tests: its times are compared with itself
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key,
            ["RS256"],
            audience=self.client["client_id"],
            issuer=self.metadata["issuer"],
            options={"require": ["iss", "sub", "aud", "exp", "iat"], "verify_exp": False, "verify_iat": False},
        )
        now = self.flow.issuer.clock.now()
        assert now - 60 < claims["iat"] <= now < claims["exp"]
        assert claims["auth_time"] <= claims["iat"]
        assert len(claims["sub"]) <= 255
        assert claims.get("nonce") == nonce
        for name, value in bound.items():
            assert claims.get(name) == (None if value is None else _half_hash(value))
        return claims

    def userinfo(self, outcome: Outcome, method: str = "GET", *, body: bool = False) -> dict[str, Any]:
        path = urlsplit(self.metadata["userinfo_endpoint"]).path
        sent: dict[str, Any] = (
            {"data": {"access_token": outcome.access_token}}
            if body
            else {"headers": {"Authorization": f"Bearer {outcome.access_token}"}}
        )
        response = self.flow.http.open(path, method=method, **sent)
        assert response.status_code == 200, response.text
        assert response.content_type == "application/json"
        claims: dict[str, Any] = response.get_json()
        return claims

    def released(self, outcome: Outcome) -> dict[str, Any]:
        """The claims of the user, where this response type brings them (OpenID Connect Core section 5.4)."""
        return outcome.claims if self.variant.response_type == "id_token" else self.userinfo(outcome)


def _half_hash(value: str) -> str:
    return urlsafe_b64encode(sha256(value.encode()).digest()[:16]).rstrip(b"=").decode()
