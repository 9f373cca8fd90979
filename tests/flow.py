"""A user and a client in one: walks the authorization code flow through the public endpoints, as a browser would."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from devidp.issuer.issuer import Issuer
from devidp.web.runtime import Runtime

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""The pair of RFC 7636 appendix B."""
REDIRECT_URI = "http://localhost:5555/callback"
MCP = "http://localhost:8000/mcp"
SECRETS = {"web": "web-secret", "service": "service-secret"}


class Form(HTMLParser):
    """The first form of a page: where it goes, its hidden fields, and every value that a field or button offers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self.offered: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = values["action"]
        if tag in ("input", "button") and "name" in values:
            self.offered.setdefault(values["name"], []).append(values.get("value", ""))
            if values.get("type") == "hidden" and values["name"] != "scope":
                self.hidden[values["name"]] = values.get("value", "")


def answer(location: str) -> dict[str, str]:
    """The parameters that a redirect brings to the client, in the query or in the fragment."""
    parts = urlsplit(location)
    return {name: values[0] for name, values in parse_qs(parts.fragment or parts.query).items()}


def answered(response: TestResponse) -> dict[str, str]:
    """The parameters of an answer to the client, in whatever response mode."""
    if response.status_code == 303:
        return answer(response.headers["Location"])
    form = Form(response.text)
    assert "transaction" not in form.hidden, response.text
    return form.hidden


class Flow:
    """One browser with its cookies, and the client behind it."""

    def __init__(self, app: Flask, issuer: str = "default") -> None:
        self.app = app
        self.http = app.test_client()
        self.base = f"/{issuer}" if issuer else ""
        self.secrets = dict(SECRETS)

    @property
    def runtime(self) -> Runtime:
        found: Runtime = self.app.extensions["devidp"]
        return found

    @property
    def issuer(self) -> Issuer:
        return next(each for each in self.runtime.issuers if each.settings.path == self.base)

    def other_browser(self) -> Flow:
        """The same issuer in a browser without cookies."""
        return Flow(self.app, self.base.lstrip("/"))

    def at(self, issuer: str) -> Flow:
        """The same browser at another issuer."""
        flow = Flow(self.app, issuer)
        flow.http = self.http
        return flow

    def request(self, **changes: Any) -> dict[str, Any]:
        """An authorization request of ``web``; ``None`` leaves a parameter out."""
        parameters: dict[str, Any] = {
            "response_type": "code",
            "client_id": "web",
            "redirect_uri": REDIRECT_URI,
            "scope": "openid mcp:read",
            "state": "a state",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in {**parameters, **changes}.items() if value is not None}

    def authorize(self, method: str = "GET", **changes: Any) -> TestResponse:
        parameters = self.request(**changes)
        if method == "POST":
            return self.http.post(f"{self.base}/authorize", data=parameters)
        return self.http.get(f"{self.base}/authorize", query_string=parameters)

    def post(self, page: TestResponse, **fields: Any) -> TestResponse:
        """Submit the form of ``page``."""
        form = Form(page.text)
        return self.http.post(urlsplit(form.action).path, data={**form.hidden, **fields})

    def log_in(self, page: TestResponse, username: str = "alice") -> TestResponse:
        return self.post(page, username=username, password=username)

    def allow(self, page: TestResponse) -> TestResponse:
        """Agree to everything that the consent page offers."""
        return self.post(page, decision="allow", scope=Form(page.text).offered.get("scope", []))

    def redirect(self, username: str = "alice", **changes: Any) -> dict[str, str]:
        """Through login and consent, where they are asked for, to the answer at the redirect URI."""
        return answered(self.finish(self.authorize(**changes), username))

    def redirect_location(self, username: str = "alice", **changes: Any) -> str:
        """The same with the redirect URI itself."""
        return self.finish(self.authorize(**changes), username).headers["Location"]

    def finish(self, page: TestResponse, username: str = "alice") -> TestResponse:
        """Through login and consent, where ``page`` and the next one ask for them, to the answer."""
        if page.status_code == 200 and "password" in Form(page.text).offered:
            page = self.log_in(page, username)
        if page.status_code == 200 and "decision" in Form(page.text).offered:
            page = self.allow(page)
        assert page.status_code in (200, 303), page.text
        return page

    def push(self, client: str = "web", **changes: Any) -> TestResponse:
        """A pushed authorization request."""
        parameters = {name: value for name, value in self.request(**changes).items() if name != "client_id"}
        return self._as_client("par", client, parameters)

    def token(self, client: str = "web", **parameters: Any) -> TestResponse:
        """A request to the token endpoint: with the secret of the client, or with its id alone."""
        return self._as_client("token", client, parameters)

    def _as_client(self, endpoint: str, client: str, parameters: dict[str, Any]) -> TestResponse:
        if client in self.secrets:
            return self.http.post(f"{self.base}/{endpoint}", data=parameters, auth=(client, self.secrets[client]))
        return self.http.post(f"{self.base}/{endpoint}", data={"client_id": client, **parameters})

    def exchange(self, code: str, client: str = "web", **changes: Any) -> TestResponse:
        parameters = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
        parameters["code_verifier"] = VERIFIER
        sent = {name: value for name, value in {**parameters, **changes}.items() if value is not None}
        return self.token(client, **sent)

    def tokens(self, username: str = "alice", client: str = "web", **changes: Any) -> dict[str, Any]:
        """The whole flow: a token response."""
        code = self.redirect(username, client_id=client, **changes)["code"]
        redirect_uri = changes.get("redirect_uri", REDIRECT_URI)
        response = self.exchange(code, client, redirect_uri=redirect_uri)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.get_json()
        return body

    def refresh(self, refresh_token: str, client: str = "web", **parameters: Any) -> TestResponse:
        return self.token(client, grant_type="refresh_token", refresh_token=refresh_token, **parameters)

    def introspect(self, token: str) -> dict[str, Any]:
        response = self._as_client("introspect", "web", {"token": token})
        body: dict[str, Any] = response.get_json()
        return body

    def is_active(self, token: str) -> bool:
        return self.introspect(token)["active"] is True

    def revoke(self, token: str, client: str = "web", **parameters: str) -> TestResponse:
        return self._as_client("revoke", client, {"token": token, **parameters})

    def userinfo(self, access_token: str) -> TestResponse:
        return self.http.get(f"{self.base}/userinfo", headers={"Authorization": f"Bearer {access_token}"})

    def metadata(self) -> dict[str, Any]:
        body: dict[str, Any] = self.http.get(f"{self.base}/.well-known/openid-configuration").get_json()
        return body

    def register(self, **metadata: Any) -> TestResponse:
        """A registration; the secret of the new client is remembered for what follows."""
        response = self.http.post(f"{self.base}/register", json=metadata)
        if response.status_code == 201 and "client_secret" in response.get_json():
            self.secrets[response.get_json()["client_id"]] = response.get_json()["client_secret"]
        return response

    def registered(self) -> str:
        """The id of a client that registered itself, as MCP clients do."""
        answer = self.register(
            redirect_uris=[REDIRECT_URI],
            token_endpoint_auth_method="none",
            grant_types=["authorization_code", "refresh_token"],
        )
        return str(answer.get_json()["client_id"])


def payload(token: str) -> dict[str, Any]:
    """The claims of a JSON Web Token, unverified."""
    return _segment(token, 1)


def header(token: str) -> dict[str, Any]:
    """The header of a JSON Web Token."""
    return _segment(token, 0)


def _segment(token: str, index: int) -> dict[str, Any]:
    encoded = token.split(".")[index]
    decoded: dict[str, Any] = json.loads(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return decoded
