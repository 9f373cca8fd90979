"""MCP clients that name themselves by the URL of a document: they log in without a network."""

from __future__ import annotations

import pytest

from devidp.clients.documents import wellknown
from tests.flow import MCP, Flow, payload
from tests.refusal import description
from tests.shipped import Start

CLAUDE_CODE = "https://claude.ai/oauth/claude-code-client-metadata"
CLIENTS = [
    (CLAUDE_CODE, "http://localhost:54212/callback"),
    (CLAUDE_CODE, "http://127.0.0.1:54212/callback"),
    ("https://claude.ai/oauth/mcp-oauth-client-metadata", "https://claude.ai/api/mcp/auth_callback"),
    ("https://claude.ai/oauth/mcp-oauth-client-metadata", "https://claude.com/api/mcp/auth_callback"),
    ("https://chatgpt.com/oauth/codex/client.json", "http://127.0.0.1:40233/callback"),
    ("https://vscode.dev/oauth/client-metadata.json", "https://vscode.dev/redirect"),
    ("https://vscode.dev/oauth/client-metadata.json", "http://127.0.0.1:33418/"),
    ("https://vscode.dev/oauth/client-metadata.json", "http://127.0.0.1:51999"),
]


@pytest.mark.parametrize(("client_id", "redirect_uri"), CLIENTS)
def test_it_logs_in_calls_and_refreshes(flow: Flow, client_id: str, redirect_uri: str) -> None:
    answer = flow.redirect(client_id=client_id, redirect_uri=redirect_uri, scope="mcp:read", resource=MCP)
    tokens = flow.exchange(answer["code"], client_id, redirect_uri=redirect_uri, resource=MCP).get_json()
    claims = payload(tokens["access_token"])
    assert (claims["client_id"], claims["aud"], claims["scope"]) == (client_id, MCP, "mcp:read")
    assert flow.is_active(tokens["access_token"])
    assert flow.refresh(tokens["refresh_token"], client_id, resource=MCP).status_code == 200


def test_without_a_scope_it_gets_those_of_the_resource(flow: Flow) -> None:
    client_id, redirect_uri = CLIENTS[0]
    tokens = flow.tokens(client=client_id, redirect_uri=redirect_uri, scope=None, resource=MCP)
    assert "mcp:read" in tokens["scope"].split()


@pytest.mark.parametrize(
    "redirect_uri",
    ["http://localhost:1/other", "https://claude.ai/api/mcp/auth_callback", "http://localhost.example/callback"],
)
def test_another_redirect_uri_than_the_documents_is_refused(flow: Flow, redirect_uri: str) -> None:
    refused = flow.authorize(client_id=CLAUDE_CODE, redirect_uri=redirect_uri)
    assert refused.status_code == 400
    assert "is not registered for client" in refused.text


def test_the_consent_page_names_the_document_the_way_back_and_this_machine(flow: Flow) -> None:
    page = flow.log_in(flow.authorize(client_id=CLAUDE_CODE, redirect_uri="http://localhost:54212/callback"))
    assert "<bdi>Claude Code</bdi>" in page.text
    assert "described by a document of" in page.text
    assert "localhost:54212" in page.text
    assert "The answer goes to this machine" in page.text


def test_switched_off_it_is_refused_and_told_which_switch_it_was(start: Start) -> None:
    flow = start({"features": {"client_id_metadata_documents": False}})
    refused = flow.authorize(client_id=CLAUDE_CODE, redirect_uri="http://localhost:1/callback")
    assert refused.status_code == 400
    assert "client_id_metadata_documents: true" in refused.text
    answer = flow.exchange("a code", CLAUDE_CODE)
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")
    assert "client_id_metadata_documents: true" in description(answer)


def test_chatgpt_connectors_return_to_their_own_address() -> None:
    document = wellknown.by_pattern("https://chatgpt.com/oauth/abc123/client.json")
    assert document is not None
    assert document["client_id"] == "https://chatgpt.com/oauth/abc123/client.json"
    assert document["redirect_uris"] == ["https://chatgpt.com/connector/oauth/abc123"]
    assert wellknown.by_pattern("https://chatgpt.com/oauth/abc/123/client.json") is None
    assert wellknown.by_pattern("https://chatgpt.com.example/oauth/abc123/client.json") is None


def test_a_client_of_the_seed_goes_first(start: Start) -> None:
    flow = start(clients={CLAUDE_CODE: {"public": True, "redirect_uris": ["http://localhost:7/own"]}})
    assert flow.redirect(client_id=CLAUDE_CODE, redirect_uri="http://localhost:7/own")["code"]
    assert flow.authorize(client_id=CLAUDE_CODE, redirect_uri="http://localhost:54212/callback").status_code == 400
