"""Fixtures: a flow at the issuer ``default`` of the shipped seed, which may tell applications on this machine."""

from __future__ import annotations

import pytest

from tests.flow import Flow
from tests.shipped import Start


@pytest.fixture
def flow(start: Start) -> Flow:
    return start({"fetch": {"private_addresses": True}})
