"""The MCP Python SDKs and FastMCP, with the verifier of each as its documentation has it."""

from __future__ import annotations

from functools import partial

import pytest

from devidp import DevIdP
from tests.probe.servers.conftest import Probed
from tests.probe.servers.proofs import check
from tests.real_clients.asgi import asgi_served
from tests.real_clients.mcp_server import protected_server
from tests.real_clients.program import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_mcp_sdk(idp: DevIdP, probed: Probed) -> None:
    with asgi_served(partial(protected_server, idp.issuer)) as base_url:
        check(probed(f"{base_url}/mcp", tool="whoami"), "mcp-python-2")


@pytest.mark.parametrize(
    ("environment", "program", "name"),
    [(".venv-mcp1", "mcp1", "mcp-python-1"), (".venv-fastmcp", "fastmcp4", "fastmcp")],
)
def test_its_first_line_and_fastmcp(idp: DevIdP, probed: Probed, environment: str, program: str, name: str) -> None:
    with running(environment, f"tests.real_clients.programs.{program}") as server:
        check(probed(server.ask(serve=idp.issuer)["server"], tool="whoami"), name)


def test_calls_of_one_session_side_by_side_each_get_their_own_answer(idp: DevIdP, probed: Probed) -> None:
    with asgi_served(partial(protected_server, idp.issuer)) as base_url:
        report = probed(f"{base_url}/mcp", tool="whoami", only=["shape"], timeout=2)
    assert not [finding.id for finding in report.findings if finding.id.startswith("no-answer")]
