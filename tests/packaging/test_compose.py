"""The compose example: its settings are settings, and they do what it says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Start
from tests.cli.running import fetch
from tests.packaging.dockerfile import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docs/compose.yaml").read_text())
IDP, API = COMPOSE["services"]["idp"], COMPOSE["services"]["api"]
METADATA = "/default/.well-known/openid-configuration"


@pytest.mark.slow
def test_browser_and_containers_reach_one_issuer_by_different_names(start: Start) -> None:
    running = start(*IDP["command"].split(), "--memory", "--ready-file", "ready.json")
    assert running.issuer() == API["environment"]["OIDC_ISSUER"]
    url = json.loads((running.home / "ready.json").read_text())["url"]
    of_api = json.loads(fetch(url, METADATA, Host="idp:6749")[1])
    of_browser = json.loads(fetch(url, METADATA, Host="localhost:6749")[1])
    assert of_api["issuer"] == of_browser["issuer"] == API["environment"]["OIDC_ISSUER"]
    assert of_api["authorization_endpoint"] == of_browser["authorization_endpoint"]
    for endpoint in ("token_endpoint", "jwks_uri", "userinfo_endpoint", "introspection_endpoint"):
        assert of_api[endpoint].startswith("http://idp:6749/default/")
        assert of_browser[endpoint].startswith("http://localhost:6749/default/")


def test_the_example_api_asks_under_the_name_of_the_service() -> None:
    assert API["environment"]["OIDC_DISCOVERY_URL"] == f"http://idp:6749{METADATA}"
    assert API["depends_on"]["idp"]["condition"] == "service_healthy"


def test_the_example_publishes_its_port_to_this_machine_alone_and_keeps_its_data() -> None:
    assert IDP["ports"] == ["127.0.0.1:6749:6749"]
    assert IDP["volumes"] == ["idp-data:/data"]
    assert "idp-data" in COMPOSE["volumes"]


def test_the_example_api_program_is_python(tmp_path: Any) -> None:
    assert re.match(r"import json", API["command"][-1])
    compile(API["command"][-1], "compose.yaml", "exec")
