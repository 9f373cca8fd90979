"""The validator that a guide to MCP servers publishes, with everything that the probe has."""

from __future__ import annotations

from typing import Any

import pytest

from devidp import DevIdP
from devidp.report import Report
from devidp.seed.reading import shipped_path
from tests.probe.servers.conftest import WAITING
from tests.probe.servers.proofs import check
from tests.probe.servers.published import published_server
from tests.serving import wsgi_served

AUDIENCE = "http://localhost:8000/tools"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def probed(**options: Any) -> Report:
    # it puts no slash between its issuer and the path of the JWK Set
    with (
        DevIdP([shipped_path(), {"issuers": {"default": {"url": "/"}}}]) as idp,
        wsgi_served(lambda _: published_server(idp.issuer, AUDIENCE)) as (base_url, _),
    ):
        return idp.probe(f"{base_url}/tools/recall", audience=AUDIENCE, scope="mcp:read", parallel=8, **options)


def test_it_lets_in_what_it_does_not_look_at_and_falls_over_what_it_does_not_expect() -> None:
    check(probed(skip=WAITING), "published-validator")


def test_it_has_the_keys_of_its_start_until_it_is_restarted() -> None:
    report = probed(only=["rotation", "outage"], patience=2)
    new = {"new-key-refused:key-rotated", "new-key-refused:key-withdrawn", "withdrawn-key-trusted"}
    assert {finding.id for finding in report.findings} == new
