"""The validator that a guide to MCP servers publishes, with everything that the probe has."""

from __future__ import annotations

import pytest

from devidp import DevIdP
from devidp.seed import shipped_path
from tests.probe.servers.proofs import check
from tests.probe.servers.published import published_server
from tests.serving import wsgi_served

AUDIENCE = "http://localhost:8000/tools"
PATIENCE = 2
"""Seconds: it keeps its keys until it is started again."""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_it_lets_in_much_falls_over_the_rest_and_has_the_keys_of_its_start() -> None:
    # it puts no slash between its issuer and the path of the JWK Set
    with (
        DevIdP([shipped_path(), {"issuers": {"default": {"url": "/"}}}]) as idp,
        wsgi_served(lambda _: published_server(idp.issuer, AUDIENCE)) as (base_url, _),
    ):
        report = idp.probe(f"{base_url}/tools/recall", audience=AUDIENCE, scope="mcp:read", patience=PATIENCE)
    check(report, "published-validator")
