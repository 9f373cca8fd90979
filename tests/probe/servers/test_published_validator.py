"""The validator that a guide to MCP servers publishes, with everything that the probe has."""

from __future__ import annotations

import pytest

from devidp import DevIdP
from devidp.seed.reading import shipped_path
from tests.probe.servers.proofs import check
from tests.probe.servers.published import published_server
from tests.serving import wsgi_served

AUDIENCE = "http://localhost:8000/tools"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_it_lets_in_what_it_does_not_look_at_and_falls_over_what_it_does_not_expect() -> None:
    # it puts no slash between its issuer and the path of the JWK Set
    with (
        DevIdP([shipped_path(), {"issuers": {"default": {"url": "/"}}}]) as idp,
        wsgi_served(lambda _: published_server(idp.issuer, AUDIENCE)) as (base_url, _),
    ):
        report = idp.probe(f"{base_url}/tools/recall", audience=AUDIENCE, scope="mcp:read", parallel=8)
    check(report, "published-validator")
