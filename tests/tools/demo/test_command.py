"""``devidp demo`` brings a real client from nothing to a tool call."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.cli.running import Running, run
from tests.flow import REDIRECT_URI
from tests.real_clients.browser import Browser
from tests.real_clients.mcp_client import Application
from tests.tools.demo.running import demo_running, mcp_server


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Running]:
    with demo_running(tmp_path) as running:
        yield running


@pytest.mark.slow
def test_the_sdk_client_logs_in_and_calls_a_tool(demo: Running) -> None:
    browser = Browser(stop=REDIRECT_URI)
    application = Application(mcp_server(demo), browser.authorize)
    assert application.call("status") == "0 entries"
    browser.close()


@pytest.mark.slow
def test_a_token_is_for_the_server_wherever_it_listens(demo: Running) -> None:
    server = mcp_server(demo)
    metadata = httpx2.get(f"{server.removesuffix('/mcp')}/.well-known/oauth-protected-resource/mcp").json()
    form = {"grant_type": "client_credentials", "scope": "mcp:read"}
    for issuer in metadata["authorization_servers"]:
        token = httpx2.post(f"{issuer}/token", data=form, auth=("service", "service-secret")).json()
        headers = {"Authorization": f"Bearer {token['access_token']}", "Accept": "application/json, text/event-stream"}
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "status", "arguments": {}}}
        answer = httpx2.post(server, json=call, headers=headers)
        # known by its audience; what it lacks is a user with a tenant
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden")


@pytest.mark.slow
def test_it_ends_with_devidp_on_a_signal(demo: Running) -> None:
    server = mcp_server(demo)
    metadata = httpx2.get(f"{server.removesuffix('/mcp')}/.well-known/oauth-protected-resource/mcp").json()
    assert demo.end() == 0
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(metadata["authorization_servers"][0])


@pytest.mark.slow
def test_an_invalid_seed_is_reported_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("users: 1\n")
    ended = run(tmp_path, "demo", "--seed", "seed.yaml")
    assert ended.returncode == 2
    assert "users" in ended.stderr


@pytest.mark.slow
def test_a_seed_without_a_client_that_may_introspect_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text("issuers: {default: {}}\n")
    ended = run(tmp_path, "demo", "--seed", "seed.yaml")
    assert ended.returncode == 2
    assert "take --validation jwt" in ended.stderr


@pytest.mark.slow
def test_tokens_of_another_shape_are_known_by_introspection(tmp_path: Path) -> None:
    shape = "{typ: none, drop: [aud], rename: {client_id: cid}, claims: {scp: '{scopes}'}}"
    (tmp_path / "seed.yaml").write_text(
        f"issuers: {{default: {{access_token: {shape}}}}}\nscopes: {{mcp:read: Read}}\nresources: {{'urn:x': }}\n"
        "clients: {service: {secret: service-secret, grants: [client_credentials]}}\n"
    )
    refused = run(tmp_path, "demo", "--seed", "seed.yaml")
    assert refused.returncode == 2
    assert "of the issuer default are not as RFC 9068 has them" in refused.stderr
    with demo_running(tmp_path, "--seed", "seed.yaml", "--validation", "introspection") as demo:
        server = mcp_server(demo)
        metadata = httpx2.get(f"{server.removesuffix('/mcp')}/.well-known/oauth-protected-resource/mcp").json()
        (issuer,) = metadata["authorization_servers"]
        form = {"grant_type": "client_credentials", "scope": "mcp:read"}
        token = httpx2.post(f"{issuer}/token", data=form, auth=("service", "service-secret")).json()["access_token"]
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "status", "arguments": {}}}
        accepted = {"Accept": "application/json, text/event-stream"}
        for text, status in ((token, 200), (f"{token[:-4]}AAAA", 401)):
            answer = httpx2.post(server, json=call, headers={**accepted, "Authorization": f"Bearer {text}"})
            assert answer.status_code == status
