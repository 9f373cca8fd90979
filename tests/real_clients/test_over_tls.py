"""Libraries of OpenID Connect over https: they trust devidp's local CA as docs/tls.md says."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.running import run
from tests.connect.walking import walk
from tests.flow import MCP, REDIRECT_URI
from tests.real_clients.browser import Browser
from tests.real_clients.client import Client
from tests.real_clients.program import conversing, node_program
from tests.real_clients.secure import Secure, trusting
from tests.real_clients.verifier import verify
from tests.tools.demo.running import demo_running, mcp_server

pytestmark = pytest.mark.slow


def test_openid_client(secure: Secure) -> None:
    person = Browser(stop=REDIRECT_URI)
    with conversing(node_program("node-openid"), person.authorize) as program:
        answer = program.ask(run="code", issuer=secure.issuer)
    person.close()
    assert answer == {"sub": "alice", "email": "alice@acme.example", "before": True, "after": False}


def test_authlib_on_requests_and_pyjwt(secure: Secure) -> None:
    person = Browser(stop=REDIRECT_URI)
    client = Client(secure.issuer, person)
    token = client.log_in("openid mcp:read")["access_token"]
    assert verify(token, secure.issuer, MCP)["sub"] == "alice"
    renewed = client.session.refresh_token(client.metadata["token_endpoint"])["access_token"]
    assert verify(renewed, secure.issuer, MCP)["sub"] == "alice"
    client.session.close()
    person.close()


def test_curl(secure: Secure) -> None:
    command = [
        "curl",
        "--silent",
        "--fail",
        "--cacert",
        str(secure.authority),
        f"{secure.issuer}/.well-known/jwks.json",
    ]
    assert subprocess.run(command, capture_output=True, check=True).stdout.startswith(b'{"keys"')


def test_a_certificate_for_this_machine_is_not_one_for_another(secure: Secure) -> None:
    port = urlsplit(secure.issuer).port
    elsewhere = ["--resolve", f"idp.example:{port}:127.0.0.1", f"https://idp.example:{port}/default/"]
    refused = subprocess.run(["curl", "--silent", "--cacert", str(secure.authority), *elsewhere], check=False)
    assert refused.returncode == 60


def test_the_doctor_and_the_walk_with_curl_of_a_server_over_https(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with demo_running(tmp_path, "--tls") as demo:
        server = mcp_server(demo)
        with trusting(tmp_path / "data" / "tls" / "ca.pem", monkeypatch):
            examined = run(tmp_path, "doctor", server, "--json")
            printed = run(tmp_path, "connect", "curl", "--url", server).stdout
            assert walk(printed, tmp_path) == {
                "get_server_time", "read_user_data", "recall", "search", "status", "who_am_i"
            }  # fmt: skip
    assert examined.returncode == 0, examined.stdout
