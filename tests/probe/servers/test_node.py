"""Servers on Node: the MCP TypeScript SDK with Express, express-oauth2-jwt-bearer, and jose alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from devidp import DevIdP
from tests.probe.servers.conftest import Probed
from tests.probe.servers.proofs import check
from tests.real_clients.node import node
from tests.real_clients.program import Program, conversing

FOLDER = Path(__file__).with_name("node")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    assert (FOLDER / "node_modules").is_dir(), f"{FOLDER}/node_modules is missing: run `make test-setup`"
    with conversing([node(), FOLDER / "program.mjs"]) as running:
        yield running


@pytest.mark.parametrize(
    ("server", "options", "proof"),
    [
        ("jose", {}, "jose"),
        ("express-oauth2-jwt-bearer", {}, "express-oauth2-jwt-bearer"),
        ("express-oauth2-jwt-bearer", {"strict": True}, "express-oauth2-jwt-bearer-strict"),
    ],
)
def test_an_api(
    idp: DevIdP, program: Program, probed: Probed, server: str, options: dict[str, Any], proof: str
) -> None:
    url = program.ask(serve=server, issuer=idp.issuer, options=options)["server"]
    check(probed(url, audience=url, scope="mcp:read"), proof)


def test_the_mcp_sdk(idp: DevIdP, program: Program, probed: Probed) -> None:
    url = program.ask(serve="mcp-typescript", issuer=idp.issuer, options={})["server"]
    check(probed(url, tool="whoami"), "mcp-typescript")
