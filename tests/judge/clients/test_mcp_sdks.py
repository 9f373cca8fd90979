"""The official SDKs of MCP, and FastMCP."""

from __future__ import annotations

from typing import Any

import pytest

from devidp import DevIdP
from tests.judge.clients.proofs import SKIPPED, check
from tests.judge.clients.talking import Person, Talking
from tests.judge.conftest import mcp_client
from tests.real_clients.node import application
from tests.real_clients.program import conversing, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def tool(url: str) -> dict[str, Any]:
    return {"call": "whoami", "server": url}


def test_the_python_sdk(idp: DevIdP) -> None:
    check(idp.judge(mcp_client, skip=SKIPPED), "mcp-python-2")


def test_the_first_line_of_the_python_sdk(idp: DevIdP) -> None:
    def start(person: Person) -> Any:
        return running(".venv-mcp1", "tests.real_clients.programs.mcp1", person)

    with Talking(start, tool) as client:
        check(idp.judge(client, skip=SKIPPED), "mcp-python-1")


@pytest.mark.parametrize(
    ("package", "name"),
    [("@modelcontextprotocol/sdk", "mcp-typescript-1"), ("@modelcontextprotocol/client", "mcp-typescript-2")],
)
def test_the_typescript_sdk(idp: DevIdP, package: str, name: str) -> None:
    def start(person: Person) -> Any:
        return conversing(application(package), person)

    with Talking(start, tool) as client:
        check(idp.judge(client, skip=SKIPPED), name)


def test_fastmcp(idp: DevIdP) -> None:
    def start(person: Person) -> Any:
        return running(".venv-fastmcp", "tests.real_clients.programs.fastmcp4", person, BROWSER="asks")

    with Talking(start, tool, listens=True) as client:
        check(idp.judge(client, skip=SKIPPED), "fastmcp")
