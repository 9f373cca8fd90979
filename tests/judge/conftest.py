"""A devidp that judges, and clients that we did not write."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from devidp import DevIdP
from tests.judge.relying_party import RelyingParty
from tests.real_clients.mcp_client import Application


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as started:
        yield started


def mcp_client(url: str, browser: Callable[[str], str]) -> None:
    """The MCP Python SDK, which calls a tool."""
    assert Application(url, browser).call("whoami") == "hello"


@pytest.fixture
def relying_party(idp: DevIdP) -> RelyingParty:
    """Authlib, which logs a user in."""
    return RelyingParty(idp.clients["web"].record)
