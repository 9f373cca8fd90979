"""A devidp that runs already, and one with https, judge as well as one of their own."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from devidp import DevIdP
from devidp.seed import shipped_path
from devidp.web.control.errors import ControlError
from tests.cli.running import run
from tests.judge.conftest import mcp_client
from tests.judge.relying_party import RelyingParty
from tests.judge.test_command import CLIENT
from tests.judge.verdicts import table
from tests.real_clients.program import ROOT


@pytest.fixture
def mcp_port() -> int:
    """One that is free at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def test_the_command_judges_with_a_devidp_that_runs(idp: DevIdP, tmp_path: Path) -> None:
    chosen = ("--scenario", "iss-wrong", "--url", idp.local_url, "--user", "bob", "--json")
    ended = run(tmp_path, "judge", "--client", CLIENT, *chosen, PYTHONPATH=str(ROOT))
    report = json.loads(ended.stdout)
    assert (ended.returncode, report["issuer"]) == (0, idp.issuer)
    assert [each["outcome"] for each in report["checks"]] == ["passed"]
    assert idp.events("token", user="bob")


def test_an_issuer_with_https_is_judged_with(monkeypatch: pytest.MonkeyPatch) -> None:
    with DevIdP(tls=True) as secure:
        monkeypatch.setenv("SSL_CERT_FILE", str(secure.ca_file))
        client: Callable[..., None] = RelyingParty(secure.clients["web"].record)
        found = table(secure.judge(client, only=["state-changed", "iss-wrong"], oidc=True))
    assert found == {"iss-wrong": "followed-iss-wrong", "state-changed": "passed"}


def test_clients_that_know_it_by_another_name_are_judged() -> None:
    """The issuer has the name that clients use; the control API is at the address of this machine."""
    with DevIdP(public_url="http://localhost:{port}") as named:
        client = RelyingParty(named.clients["web"].record)
        found = table(named.judge(client, only=["state-changed"], oidc=True, issuer="enterprise"))
    assert found == {"state-changed": "passed"}


def test_a_port_that_is_taken_is_refused(idp: DevIdP) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ControlError, match=f"got the port {port} for the MCP server, which is not free"):
            idp.judge(mcp_client, only=["iss-wrong"], mcp_port=port)


def test_an_issuer_that_lists_its_resources_is_told_of_the_mcp_server(mcp_port: int) -> None:
    resource = f"http://127.0.0.1:{mcp_port}/mcp"
    lists = {"issuers": {"default": {"unknown_resources": "refuse"}}, "resources": {resource: None}}
    with DevIdP([shipped_path(), lists]) as strict:
        refused = strict.judge(mcp_client, only=["iss-wrong"])
        assert "invalid_target" in refused.cause
        assert table(strict.judge(mcp_client, only=["iss-wrong"], mcp_port=mcp_port)) == {"iss-wrong": "passed"}
