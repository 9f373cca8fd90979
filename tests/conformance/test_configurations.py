"""The seeds and plan configurations in docs/conformance/ are whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from devidp.seed import load
from tests.conformance.conftest import SEED

PLANS = sorted(SEED.parent.glob("*.json"))


def test_the_seed_loads_with_the_users_and_switches_of_the_plans() -> None:
    seed = load(SEED)
    (issuer,) = seed.issuers
    assert "alice" in issuer.users
    assert {"implicit", "hybrid", "request_uri_by_reference"} <= issuer.features
    assert not seed.warnings


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_configuration_names_the_issuer_and_clients_of_the_seed(path: Path) -> None:
    (issuer,), plan = load(SEED).issuers, json.loads(path.read_text(encoding="utf-8"))
    assert plan["server"]["discoveryUrl"].endswith("/op/.well-known/openid-configuration")
    for key in ("client", "client2", "client_secret_post"):
        if name := plan.get(key, {}).get("client_id"):
            assert issuer.clients[name].secret == plan[key]["client_secret"]
