"""Fixtures: a flow at the issuer ``default`` of the shipped seed."""

from __future__ import annotations

import pytest

from tests.flow import Flow
from tests.shipped import Start


@pytest.fixture
def flow(start: Start) -> Flow:
    return start()
