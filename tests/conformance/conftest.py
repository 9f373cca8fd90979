"""Fixtures: a provider of docs/conformance/op.yaml, a relying party that has registered with it, and a flow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from devidp.app import create_app
from devidp.models.config import Config
from devidp.seed import load
from devidp.system.clock import Clock
from tests.conformance.relying_party import RelyingParty, Variant
from tests.engines import Engine
from tests.flow import Flow
from tests.shipped import PUBLIC_URL, Start

DOCUMENT = Path(__file__).parents[2] / "docs" / "conformance.md"
SEED = DOCUMENT.parent / "conformance" / "op.yaml"


@pytest.fixture(scope="package")
def provider_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="package")
def provider(provider_clock: Clock, shared_engine: Engine) -> Iterator[Flow]:
    """One application for all modules: each registers a client of its own, in a browser of its own."""
    flow = Flow(create_app(Config(PUBLIC_URL, **shared_engine.settings()), load(SEED), provider_clock), "op")
    yield flow
    flow.runtime.close()


@pytest.fixture
def rp(provider: Flow, variant: Variant) -> RelyingParty:
    return RelyingParty(provider, variant)


@pytest.fixture
def provider_claims(provider: Flow) -> set[str]:
    """The claims that the metadata name."""
    return set(provider.metadata()["claims_supported"])


@pytest.fixture
def flow(start: Start) -> Flow:
    """At the issuer ``default`` of the shipped seed."""
    return start({"fetch": {"private_addresses": True}})
