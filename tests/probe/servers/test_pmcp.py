"""An MCP server of the crate pmcp, guarded by its validator."""

from __future__ import annotations

import pytest

from devidp import DevIdP
from tests.probe.servers.conftest import Probed
from tests.probe.servers.proofs import check
from tests.real_clients.program import PMCP, built, conversing

API = "http://localhost:8000/mcp"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_pmcp(idp: DevIdP, probed: Probed) -> None:
    with conversing([built(PMCP, "Rust")]) as program:
        url = program.ask(do="serve", issuer=idp.issuer, audience=API)["server"]
        check(probed(url, tool="whoami", audience=API, scope="mcp:read"), "pmcp")
