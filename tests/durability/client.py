"""One client of the load: a browser and an application over one connection, which remembers what it was told."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.cli.running import DEADLINE
from tests.flow import CHALLENGE, MCP, REDIRECT_URI, VERIFIER, Form, answer

SCOPE = "openid mcp:read"
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


class Lost(Exception):
    """The server ended before it answered: what was asked may have happened or not."""


@dataclass(slots=True)
class Told:
    """What the server has acknowledged of one registered client."""

    client_id: str
    secret: str
    access_token: str = ""
    """That of the registration (RFC 7592); empty while it is not known which one that is."""
    spent_access_token: str = ""
    """One that was rotated."""
    path: str = ""
    """Where the registration can be changed, below the issuer."""
    metadata: dict[str, Any] = field(default_factory=dict)
    consented: bool = False
    code: str = ""
    """A code that was exchanged."""
    asked_code: str = ""
    """A code whose exchange was not answered."""
    asked_token: str = ""
    """A refresh token whose rotation was not answered."""
    spent: str = ""
    """A refresh token that was rotated."""
    refresh_token: str = ""
    """The newest refresh token; empty while it is not known which one that is."""
    revoked: list[str] = field(default_factory=list)
    """Access tokens that were revoked."""


class Client:
    """Requests to the issuer at ``url``; raises Lost, and AssertionError for an answer that nobody asked for."""

    highest = 499
    """Statuses beyond this one are such."""

    def __init__(self, url: str, *ports: int) -> None:
        """``ports`` of replicas are asked in turn."""
        self._parts = urlsplit(url)
        self._cookies: dict[str, str] = {}
        self._connections = [
            http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE) for port in ports or [self._parts.port]
        ]
        self.asked = 0
        self.lost = 0
        """Requests without an answer."""

    def secrets(self) -> set[str]:
        """The values of the cookies."""
        return {value for value in self._cookies.values() if value}

    def take_cookies(self, other: Client) -> None:
        """Be the same browser."""
        self._cookies |= other._cookies

    def forget(self) -> None:
        """Lose every cookie."""
        self._cookies.clear()

    def close(self) -> None:
        for connection in self._connections:
            connection.close()

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = "", bearer: str = ""
    ) -> tuple[int, dict[str, str], bytes]:
        headers = {"Host": self._parts.netloc, "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        connection = self._connections[0]
        self._connections = [*self._connections[1:], connection]
        try:
            connection.request(method, f"{self._parts.path}{path}", body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self.lost += 1
            raise Lost from error
        self.asked += 1
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        assert response.status <= self.highest, (method, path, response.status, content)
        return response.status, {name.lower(): value for name, value in response.headers.items()}, content

    def form(self, path: str, **fields: Any) -> tuple[int, dict[str, str], bytes]:
        return self.ask("POST", path, urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded")

    def json(self, path: str, **fields: Any) -> tuple[int, dict[str, Any]]:
        status, _, content = self.form(path, **fields)
        return status, json.loads(content or b"{}")

    # what an application does

    def register(self, *grants: str) -> Told:
        """A new client, with ``grants`` beside the usual ones."""
        wanted = {
            "redirect_uris": [REDIRECT_URI],
            "grant_types": ["authorization_code", "refresh_token", *grants],
            "token_endpoint_auth_method": "client_secret_post",
            "scope": SCOPE,
        }
        status, _, content = self.ask("POST", "/register", json.dumps(wanted).encode(), "application/json")
        assert status == 201, content
        made = json.loads(content)
        told = Told(made["client_id"], made["client_secret"], made["registration_access_token"])
        told.path = made["registration_client_uri"].partition(self._parts.path)[2]
        told.metadata = {**wanted, "client_id": told.client_id, "client_secret": told.secret}
        return told

    def update(self, told: Told, access_token: str) -> tuple[int, dict[str, Any]]:
        """Replace the registration, which rotates its access token (RFC 7592 section 2.2)."""
        status, _, content = self.ask(
            "PUT", told.path, json.dumps(told.metadata).encode(), "application/json", access_token
        )
        return status, json.loads(content)

    def may_read(self, told: Told, access_token: str) -> bool:
        """Whether a registration access token is good (RFC 7592 section 2.1)."""
        return self.ask("GET", told.path, None, "", access_token)[0] == 200

    def query(self, told: Told, **more: str) -> str:
        """An authorization request."""
        return urlencode(
            {
                "response_type": "code", "client_id": told.client_id, "redirect_uri": REDIRECT_URI, "scope": SCOPE,
                "state": "s", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "resource": MCP, **more,
            }
        )  # fmt: skip

    def authorize(self, told: Told, username: str = "alice", password: str = "alice", **more: str) -> str:
        """A code, through login and consent where they are asked for."""
        status, headers, content = self.ask("GET", f"/authorize?{self.query(told, **more)}")
        while status == 200:
            page = Form(content.decode())
            status, headers, content = self._answer(page, username=username, password=password)
            told.consented = told.consented or "decision" in page.offered
        assert status == 303, content
        return answer(headers["location"])["code"]

    def _answer(self, page: Form, **fields: Any) -> tuple[int, dict[str, str], bytes]:
        """Post a form; one that asks for a decision is allowed."""
        if "decision" in page.offered:
            fields |= {"decision": "allow", "scope": page.offered.get("scope", [])}
        return self.form(urlsplit(page.action).path.removeprefix(self._parts.path), **{**page.hidden, **fields})

    def allowed_device(self, told: Told, username: str = "alice") -> str:
        """A device code to which the user has agreed (RFC 8628)."""
        status, issued = self.json(
            "/device_authorization", client_id=told.client_id, client_secret=told.secret, scope=SCOPE
        )
        assert status == 200, issued
        content = self.ask("GET", "/device")[2]
        while (page := Form(content.decode())).action:
            typed = issued["user_code"] if "user_code" in page.offered else ""
            content = self._answer(
                page, username=username, password=username, **({"user_code": typed} if typed else {})
            )[2]
        assert b"Device connected" in content, content
        return str(issued["device_code"])

    def poll(self, told: Told, device_code: str) -> tuple[int, dict[str, Any]]:
        return self._token(told, grant_type=DEVICE_CODE, device_code=device_code)

    def exchange(self, told: Told, code: str) -> tuple[int, dict[str, Any]]:
        return self._token(
            told, grant_type="authorization_code", code=code, redirect_uri=REDIRECT_URI, code_verifier=VERIFIER
        )

    def refresh(self, told: Told, token: str) -> tuple[int, dict[str, Any]]:
        return self._token(told, grant_type="refresh_token", refresh_token=token)

    def client_token(self, told: Told) -> tuple[int, dict[str, Any]]:
        """Of the client by itself."""
        return self._token(told, grant_type="client_credentials", scope=SCOPE.removeprefix("openid "))

    def revoke(self, told: Told, token: str) -> None:
        status, _ = self.json("/revoke", client_id=told.client_id, client_secret=told.secret, token=token)
        assert status == 200

    def knows(self, told: Told) -> bool:
        """Whether the registration is there, with its secret."""
        return self.json("/introspect", client_id=told.client_id, client_secret=told.secret, token="x")[0] == 200

    def is_active(self, told: Told, token: str) -> bool:
        status, body = self.json("/introspect", client_id=told.client_id, client_secret=told.secret, token=token)
        assert status == 200, body
        return bool(body["active"])

    def _token(self, told: Told, **fields: str) -> tuple[int, dict[str, Any]]:
        return self.json("/token", client_id=told.client_id, client_secret=told.secret, **fields)
