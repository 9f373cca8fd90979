"""The MCP conformance suite against devidp as an authorization server: neither a failure nor a warning."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.flow import MCP
from tests.real_clients.browser import Browser
from tests.real_clients.node import package

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["default", "enterprise"])
def test_the_authorization_scenarios_pass(live_url: str, name: str, tmp_path: Path) -> None:
    issuer, person = f"{live_url}/{name}", Browser()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    client = {"redirect_uris": [f"http://127.0.0.1:{port}/callback"], "token_endpoint_auth_method": "none"}
    registered = httpx.post(f"{issuer}/register", json=client).raise_for_status().json()
    command = [
        *package("@modelcontextprotocol", "conformance", "dist", "index.js"), "authorization", "--url", issuer,
        "--client-id", registered["client_id"], "--resource", MCP, "--port", str(port), "--output-dir", str(tmp_path),
    ]  # fmt: skip
    status, said = _run(command, issuer, person)
    if status == 0 and not any(tmp_path.rglob("checks.json")):
        # seldom, Node ends before the suite has sent a request, as if all were well: nothing was tried
        status, said = _run(command, issuer, person)
    person.close()
    assert status == 0, said
    checks = [check for file in tmp_path.rglob("checks.json") for check in json.loads(file.read_text())]
    assert len(checks) >= 2, said
    assert {check["status"] for check in checks} <= {"SUCCESS", "INFO"}, checks


def _run(command: list[str], issuer: str, person: Browser) -> tuple[int, str]:
    """The exit status of the suite and what it said; where it asks for a login, ``person`` does it."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as suite:
        assert suite.stdout is not None
        said = []
        for line in suite.stdout:
            said.append(line)
            if line.startswith(f"{issuer}/authorize?"):
                person.authorize(line.strip())
    return suite.returncode, "".join(said)
