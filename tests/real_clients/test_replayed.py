"""Clients that cannot run here, step by step over real HTTP: what each sends was reported, or read in its source.

From the first refusal of the demo server to a tool's answer, and on when the token ends.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import httpx2
import pytest

from devidp.app import create_app
from devidp.models.config import Config
from devidp.system.clock import Clock
from devidp.tools.demo.app import create_app as create_demo
from devidp.tools.demo.settings import Settings, TrustedIssuer
from tests.flow import CHALLENGE, VERIFIER
from tests.real_clients.asgi import asgi_served
from tests.real_clients.browser import Browser
from tests.serving import wsgi_served
from tests.shipped import shipped
from tests.tools.demo.caller import McpCaller, challenge_of, text_of

LIFETIME = 3600
PROTOCOL = {"MCP-Protocol-Version": "2025-11-25", "Accept": "application/json"}
CODE_AND_REFRESH = ["authorization_code", "refresh_token"]
VSCODE_REDIRECTS = [
    "https://insiders.vscode.dev/redirect", "https://vscode.dev/redirect", "http://127.0.0.1/", "http://127.0.0.1:33418/",
]  # fmt: skip
CURSOR_REDIRECTS = [
    "cursor://anysphere.cursor-mcp/oauth/callback",
    "https://www.cursor.com/agents/mcp/oauth/callback",
    "http://localhost:8787/callback",
]


@dataclass(frozen=True)
class Recorded:
    """A client: what it registers, or the URL of its document, and what it adds to requests."""

    name: str
    redirect_uri: str
    document: str = ""
    registration: dict[str, Any] | None = None
    scope: bool = True
    """Whether it asks for the scope of the challenge, and not for none."""

    def __str__(self) -> str:
        return self.name


def registering(name: str, client_name: str, redirect_uris: list[str], waits_at: str, **more: Any) -> Recorded:
    metadata = {
        "client_name": client_name,
        "redirect_uris": redirect_uris,
        "grant_types": CODE_AND_REFRESH,
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        **more,
    }
    return Recorded(name, waits_at, registration=metadata)


CLAUDE = "https://claude.ai/api/mcp/auth_callback"
CHATGPT = "https://chatgpt.com/connector/oauth/abc123"
CLIENTS = [
    registering("claude.ai, registered", "Claude", [CLAUDE], CLAUDE, scope="mcp:read"),
    registering(
        "claude.ai, with a secret", "Claude", [CLAUDE], CLAUDE, token_endpoint_auth_method="client_secret_post"
    ),
    Recorded("claude.ai, by its document", CLAUDE, "https://claude.ai/oauth/mcp-oauth-client-metadata"),
    Recorded(
        "claude.com, by its document",
        "https://claude.com/api/mcp/auth_callback",
        "https://claude.ai/oauth/mcp-oauth-client-metadata",
    ),
    registering("ChatGPT, registered", "ChatGPT", [CHATGPT], CHATGPT),
    registering(
        "ChatGPT, with a secret", "ChatGPT", [CHATGPT], CHATGPT, token_endpoint_auth_method="client_secret_basic"
    ),
    Recorded("ChatGPT, by its document", CHATGPT, "https://chatgpt.com/oauth/abc123/client.json"),
    *(registering(f"Cursor at {uri}", "Cursor", CURSOR_REDIRECTS, uri) for uri in CURSOR_REDIRECTS),
    *(
        registering(
            f"VS Code at {uri}", "Visual Studio Code", VSCODE_REDIRECTS, uri, application_type="native",
            client_uri="https://code.visualstudio.com",
            grant_types=[*CODE_AND_REFRESH, "urn:ietf:params:oauth:grant-type:device_code"],
        )
        for uri in (*VSCODE_REDIRECTS, "http://127.0.0.1:51999/")
    ),
    *(
        Recorded(f"VS Code at {uri}, by its document", uri, "https://vscode.dev/oauth/client-metadata.json")
        for uri in ("https://vscode.dev/redirect", "http://127.0.0.1:33418/", "http://127.0.0.1:51999/")
    ),
    Recorded(
        "Claude Code, by its document", "http://localhost:54212/callback",
        "https://claude.ai/oauth/claude-code-client-metadata", scope=False,
    ),
    Recorded("Codex, by its document", "http://127.0.0.1:1455/callback", "https://chatgpt.com/oauth/codex/client.json"),
]  # fmt: skip


@pytest.fixture
def caller(clock: Clock) -> Iterator[McpCaller]:
    """Of a demo server in this process."""
    with wsgi_served(lambda url: create_app(Config(url), shipped(), clock)) as (base_url, app):
        issuer = TrustedIssuer(url=f"{base_url}/default", tenants=frozenset({"acme", "globex"}))

        def demo(url: str) -> Any:
            settings = Settings(resource=f"{url}/mcp", issuers=(issuer,), algorithms=frozenset({"ES256"}))
            return create_demo(settings, clock.now)

        with asgi_served(demo) as url, McpCaller(f"{url}/mcp") as opened:
            yield opened
    app.extensions["devidp"].close()


class Replay:
    """One client on its way."""

    def __init__(self, recorded: Recorded, caller: McpCaller) -> None:
        self.recorded = recorded
        self.caller = caller
        self._http = httpx2.Client(headers=PROTOCOL, timeout=120)
        self.metadata: dict[str, Any] = {}
        self.client_id, self._secret, self._method = recorded.document, "", "none"
        self.scope = ""

    def close(self) -> None:
        self._http.close()

    def discover(self) -> None:
        """401, the metadata of the resource, and that of its issuer, in the order of the specification."""
        challenge = challenge_of(self.caller.call("status"))
        resource = self._http.get(challenge["resource_metadata"]).raise_for_status().json()
        assert resource["resource"] == self.caller.url
        parts = urlsplit(resource["authorization_servers"][0])
        where = parts._replace(path=f"/.well-known/oauth-authorization-server{parts.path}").geturl()
        self.metadata = self._http.get(where).raise_for_status().json()
        assert self.metadata["issuer"] == parts.geturl()
        assert "S256" in self.metadata["code_challenge_methods_supported"]
        self.scope = challenge["scope"] if self.recorded.scope else ""

    def introduce_itself(self) -> None:
        if self.recorded.registration is None:
            assert self.metadata["client_id_metadata_document_supported"] is True
            return
        answer = self._http.post(self.metadata["registration_endpoint"], json=self.recorded.registration)
        assert answer.status_code == 201, answer.text
        body = answer.json()
        assert body["redirect_uris"] == self.recorded.registration["redirect_uris"]
        self.client_id, self._secret = body["client_id"], body.get("client_secret", "")
        self._method = body["token_endpoint_auth_method"]

    def log_in(self) -> dict[str, Any]:
        """The token response."""
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": self.recorded.redirect_uri,
            "code_challenge": CHALLENGE, "code_challenge_method": "S256", "state": "a state",
            "resource": self.caller.url, **({"scope": self.scope} if self.scope else {}),
        }  # fmt: skip
        browser = Browser(stop=f"{self.recorded.redirect_uri}?")
        ended = browser.authorize(f"{self.metadata['authorization_endpoint']}?{urlencode(asked)}")
        browser.close()
        answer = {name: values[0] for name, values in parse_qs(urlsplit(ended).query).items()}
        assert (answer["state"], answer["iss"]) == ("a state", self.metadata["issuer"])
        return self._token(
            grant_type="authorization_code", code=answer["code"], redirect_uri=self.recorded.redirect_uri,
            code_verifier=VERIFIER, resource=self.caller.url,
        )  # fmt: skip

    def refresh(self, token: str) -> dict[str, Any]:
        return self._token(grant_type="refresh_token", refresh_token=token, resource=self.caller.url)

    def _token(self, **parameters: str) -> dict[str, Any]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self._method == "client_secret_basic":
            pair = f"{quote(self.client_id, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            parameters["client_id"] = self.client_id
        if self._method == "client_secret_post":
            parameters["client_secret"] = self._secret
        answer = self._http.post(self.metadata["token_endpoint"], data=parameters, headers=headers)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


@pytest.fixture(params=CLIENTS, ids=str)
def replay(request: pytest.FixtureRequest, caller: McpCaller) -> Iterator[Replay]:
    started = Replay(request.param, caller)
    yield started
    started.close()


def test_its_requests_lead_to_a_tool_and_on_when_the_token_ends(replay: Replay, clock: Clock) -> None:
    replay.discover()
    replay.introduce_itself()
    tokens = replay.log_in()
    assert text_of(replay.caller.call("status", tokens["access_token"])) == "0 entries"
    clock.advance(LIFETIME + 1)
    assert replay.caller.call("status", tokens["access_token"]).status_code == 401
    renewed = replay.refresh(tokens["refresh_token"])
    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert text_of(replay.caller.call("status", renewed["access_token"])) == "0 entries"
