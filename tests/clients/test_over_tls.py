"""Libraries of OpenID Connect over https: they trust devidp's own authority as docs/tls.md says."""

from __future__ import annotations

import subprocess
from urllib.parse import urlsplit

import pytest

from tests.clients.browser import Browser
from tests.clients.client import Client
from tests.clients.program import conversing, node_program
from tests.clients.secure import Secure
from tests.clients.verifier import verify
from tests.flow import MCP, REDIRECT_URI

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
