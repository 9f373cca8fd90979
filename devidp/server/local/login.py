"""The authorization code flow over HTTP, without a browser (OAuth 2.1 section 4.1)."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html.parser import HTMLParser
from http.client import HTTPMessage
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlencode, urljoin, urlsplit

from devidp.issuer.issuer import Issuer
from devidp.models import Client
from devidp.oauth import base64url, names
from devidp.system import http_client

MAX_STEPS = 8
TIMEOUT = 30
UNREAD = ("style", "script", "title")


class LoginFailed(Exception):
    """A login that gave no tokens. ``error`` is the OAuth error code, if any."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}" if error else description)
        self.error = error
        self.description = description


class _Page(HTMLParser):
    """A response: the action and fields of its first form, and the words that a person would read on it."""

    def __init__(self, status: int, headers: HTTPMessage, text: str) -> None:
        super().__init__()
        self.status = status
        self.headers = headers
        self.text = text
        self.action = ""
        self.hidden: list[tuple[str, str]] = []
        self.offered: dict[str, list[str]] = {}
        """The values of the fields that a user fills or clicks."""
        self._unread = 0
        self._words: list[str] = []

    @property
    def words(self) -> str:
        return " ".join(self._words)[:400]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = values.get("action", "")
        if tag not in ("input", "button") or "name" not in values:
            return
        if values.get("type") == "hidden":
            self.hidden.append((values["name"], values.get("value", "")))
        else:
            self.offered.setdefault(values["name"], []).append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._words += data.split()


class LoginFlow:
    """One login of ``user`` through ``client``; ``parameters`` are added to the authorization request."""

    def __init__(self, issuer: Issuer, client: Client, user: str, parameters: Mapping[str, str | list[str]]) -> None:
        self._issuer = issuer
        self._client = client
        self._user = user
        self._verifier = secrets.token_urlsafe(32)
        self._clicked = False
        self._cookies: dict[str, str] = {}
        self._redirect_uri = str(parameters.get("redirect_uri") or _redirect_uri(client))
        self._state = str(parameters.get("state") or secrets.token_urlsafe(16))
        self._parameters = parameters

    def run(self) -> dict[str, Any]:
        """The token response; raises LoginFailed."""
        answer = self._authorize()
        if "error" in answer:
            raise LoginFailed(answer["error"], answer.get("error_description", ""))
        if answer.get("state") != self._state:
            raise LoginFailed("", f"got the state {answer.get('state')!r}, expected {self._state!r}")
        if "code" not in answer:
            raise LoginFailed("", f"the answer has no code, only: {', '.join(answer) or 'nothing'}")
        return self._exchange(answer["code"])

    def _authorize(self) -> dict[str, str]:
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
        page = self._send("GET", f"{self._issuer.url}/authorize?{urlencode(request, doseq=True)}")
        for _ in range(MAX_STEPS):
            location = page.headers.get("Location")
            if location is not None:
                if location.startswith(self._redirect_uri):
                    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
                page = self._send("GET", location)
            else:
                page = self._submit(page)
        raise LoginFailed("", f"no answer after {MAX_STEPS} steps; the last page was {page.text[:200]!r}")

    def _submit(self, page: _Page) -> _Page:
        page.feed(page.text)
        if page.status >= 400 or not page.action:
            raise LoginFailed("", f"the issuer answered {page.status}: {page.words}")
        if "decision" in page.offered:
            chosen = [("decision", "allow"), *(("scope", name) for name in page.offered.get("scope", []))]
        elif self._user in page.offered.get("login_as", []) and not self._clicked:
            self._clicked = True
            chosen = [("login_as", self._user)]
        elif self._clicked:
            raise LoginFailed("", f"the user {self._user!r} could not log in: {page.words}")
        else:
            raise LoginFailed("", f"the login page does not offer the user {self._user!r}: {page.words}")
        return self._send("POST", page.action, [*page.hidden, *chosen])

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
        answer = self._send("POST", f"{self._issuer.url}/token", fields, headers)
        try:
            body: dict[str, Any] = json.loads(answer.text)
        except ValueError:
            raise LoginFailed("", f"the token endpoint answered {answer.status}: {answer.text[:200]!r}") from None
        if answer.status != 200:
            raise LoginFailed(body.get("error", ""), body.get("error_description", ""))
        return body

    def _send(
        self,
        method: str,
        url: str,
        fields: list[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Page:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()), **(headers or {})}
        if fields is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if fields is None else urlencode(fields)
        absolute = urljoin(self._issuer.url, url)
        with http_client.request(method, absolute, timeout=TIMEOUT, body=body, headers=sent) as response:
            page = _Page(response.status, response.headers, response.read().decode(errors="replace"))
        for line in page.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return page


def _basic(client: Client) -> str:
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.secret or '')}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def _redirect_uri(client: Client) -> str:
    if not client.redirect_uris:
        raise LoginFailed("", f"client {client.client_id!r} has no redirect URI; give it one, or name another client")
    return client.redirect_uris[0]
