"""The authsec SDK, mounted before an MCP server: its four modes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from devidp import DevIdP
from tests.probe.servers.conftest import Probed
from tests.probe.servers.proofs import check
from tests.real_clients.program import Program, running

MODES = ("jwt_only", "introspection_only", "jwt_and_introspect", "jwt_or_introspect")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def sdk() -> Iterator[Program]:
    with running(".venv-vendors", "tests.vendors.programs.authsec") as program:
        yield program


@pytest.mark.parametrize("mode", MODES)
def test_a_mode(idp: DevIdP, sdk: Program, probed: Probed, mode: str) -> None:
    metadata = requests.get(idp.discovery_url, timeout=60).json()
    settings = {
        "issuer": idp.issuer,
        "authorization_server": idp.issuer,
        "jwks_url": metadata["jwks_uri"],
        "introspection_url": metadata["introspection_endpoint"],
        "introspection_client_id": "service",
        "introspection_client_secret": "service-secret",
        "supported_scopes": ["mcp:read", "mcp:write"],
    }
    url = sdk.ask(serve=mode, settings=settings)["server"]
    check(probed(url, tool="echo"), f"authsec-{mode.replace('_', '-')}")
