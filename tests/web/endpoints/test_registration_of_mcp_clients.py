"""MCP clients as they register themselves, and what they do next with their redirect URI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.flow import MCP, Flow, payload
from tests.shipped import Start

CODE_AND_REFRESH = ["authorization_code", "refresh_token"]


@dataclass(frozen=True)
class McpClient:
    """A registration as the client sends it, the address where it then waits, and how it authenticates."""

    name: str
    request: dict[str, Any]
    redirect_uri: str
    method: str = "none"

    def __str__(self) -> str:
        return self.name


def client(name: str, redirect_uris: list[str], waits_at: str = "", **request: Any) -> McpClient:
    grants = {"grant_types": CODE_AND_REFRESH, "response_types": ["code"]}
    method = request.get("token_endpoint_auth_method", "client_secret_basic")
    body = {"client_name": name, "redirect_uris": redirect_uris, **grants, **request}
    return McpClient(name, body, waits_at or redirect_uris[0], method)


PUBLIC: dict[str, Any] = {"token_endpoint_auth_method": "none"}
CURSOR = [
    "cursor://anysphere.cursor-mcp/oauth/callback",
    "https://www.cursor.com/agents/mcp/oauth/callback",
    "http://localhost:8787/callback",
]
VSCODE = [
    "https://insiders.vscode.dev/redirect",
    "https://vscode.dev/redirect",
    "http://127.0.0.1/",
    "http://127.0.0.1:33418/",
]
VSCODE_GRANTS = [*CODE_AND_REFRESH, "urn:ietf:params:oauth:grant-type:device_code"]
CLIENTS = [
    client("Python SDK", ["http://localhost:3030/callback"], scope="mcp:read"),
    client(
        "TypeScript SDK", ["http://localhost:8090/callback"], token_endpoint_auth_method="client_secret_post",
        scope="mcp:read",
    ),
    client("fastmcp", ["http://localhost:52311/callback"], "http://localhost:52311/callback", **PUBLIC),
    client(
        "mcp-remote", ["http://localhost:3334/oauth/callback"], "http://localhost:14871/oauth/callback",
        client_uri="https://github.com/modelcontextprotocol/mcp-cli", software_version="0.15",
        software_id="2e6dc280-f3c3-4e01-99a7-8181dbd1d23d", application_type="native", **PUBLIC,
    ),
    client("MCP Inspector", ["http://127.0.0.1:6276/oauth/callback"], scope="", **PUBLIC),
    client("MCP Inspector's web page", ["http://localhost:6274/oauth/callback"], **PUBLIC),
    client("Claude Code", ["http://localhost/callback"], "http://localhost:54212/callback", **PUBLIC),
    client("Codex", ["http://127.0.0.1:1455/callback"], "http://127.0.0.1:40233/callback", **PUBLIC),
    client("VS Code on loopback", VSCODE, "http://127.0.0.1:33418/", grant_types=VSCODE_GRANTS, **PUBLIC),
    client("VS Code on another port", VSCODE, "http://127.0.0.1:51999/", grant_types=VSCODE_GRANTS, **PUBLIC),
    client("VS Code without a path", VSCODE, "http://127.0.0.1:51999", grant_types=VSCODE_GRANTS, **PUBLIC),
    client("VS Code on the web", VSCODE, "https://vscode.dev/redirect", grant_types=VSCODE_GRANTS, **PUBLIC),
    *(client(f"Cursor at {uri}", CURSOR, uri, **PUBLIC) for uri in CURSOR),
    client("Claude", ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"], **PUBLIC),
    client("Claude with a secret", ["https://claude.ai/api/mcp/auth_callback"],
           token_endpoint_auth_method="client_secret_post"),
    client("ChatGPT", ["https://chatgpt.com/connector/oauth/abc123"], **PUBLIC),
]  # fmt: skip


@pytest.fixture(params=CLIENTS, ids=str)
def mcp_client(request: pytest.FixtureRequest) -> McpClient:
    found: McpClient = request.param
    return found


def test_it_is_registered_as_it_asks(flow: Flow, mcp_client: McpClient) -> None:
    response = flow.register(**mcp_client.request)
    assert response.status_code == 201
    body = response.get_json()
    assert body["token_endpoint_auth_method"] == mcp_client.method
    assert ("client_secret" in body) == (mcp_client.method != "none")
    assert body["redirect_uris"] == mcp_client.request["redirect_uris"]
    assert body["grant_types"][:2] == CODE_AND_REFRESH
    assert body["response_types"] == ["code"]


def test_it_logs_in_and_refreshes(flow: Flow, mcp_client: McpClient) -> None:
    registered = flow.register(**mcp_client.request).get_json()
    name, waits_at = registered["client_id"], mcp_client.redirect_uri
    location = flow.redirect_location(client_id=name, redirect_uri=waits_at, scope="mcp:read", resource=MCP)
    assert location.startswith(f"{waits_at}?code=")
    sent = {} if mcp_client.method == "none" else {"client_secret": flow.secrets.pop(name)}
    if mcp_client.method == "client_secret_basic":
        flow.secrets[name] = sent.pop("client_secret")
        # the Python SDK sends its id in the body too
        sent["client_id"] = name
    code = flow.redirect(client_id=name, redirect_uri=waits_at, scope="mcp:read", resource=MCP)["code"]
    tokens = flow.exchange(code, name, redirect_uri=waits_at, resource=MCP, **sent).get_json()
    claims = payload(tokens["access_token"])
    assert (claims["aud"], claims["scope"], claims["client_id"]) == (MCP, "mcp:read", name)
    assert flow.refresh(tokens["refresh_token"], name, resource=MCP, **sent).status_code == 200


def test_without_a_scope_it_gets_one_that_is_good_for_something(flow: Flow, mcp_client: McpClient) -> None:
    name = flow.register(**mcp_client.request).get_json()["client_id"]
    answer = flow.redirect(client_id=name, redirect_uri=mcp_client.redirect_uri, scope=None)
    secret = flow.secrets.pop(name, None)
    sent = {"client_secret": secret} if mcp_client.method == "client_secret_post" else {}
    if mcp_client.method == "client_secret_basic" and secret:
        flow.secrets[name] = secret
    tokens = flow.exchange(answer["code"], name, redirect_uri=mcp_client.redirect_uri, **sent).get_json()
    assert "mcp:read" in tokens["scope"].split()


def test_one_bad_uri_among_good_ones_fails_the_whole_registration(flow: Flow) -> None:
    assert flow.register(redirect_uris=[*CURSOR, "javascript:alert(1)"]).status_code == 400


def test_a_client_that_does_not_say_how_it_authenticates_gets_a_secret(flow: Flow) -> None:
    body = flow.register(redirect_uris=["http://localhost:3030/callback"], grant_types=CODE_AND_REFRESH).get_json()
    assert body["token_endpoint_auth_method"] == "client_secret_basic"
    assert body["client_secret"]


def test_consent_and_offline_access_may_be_asked_for_together(start: Start) -> None:
    flow = start()
    answer = flow.redirect(scope="mcp:read offline_access", prompt="consent")
    assert flow.exchange(answer["code"]).get_json()["scope"] == "mcp:read offline_access"
