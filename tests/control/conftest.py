"""Fixtures: the controller of an application, and devidp with two workers."""

from __future__ import annotations

import pytest

from devidp.web.control import Controller
from devidp.web.installation import Installation


@pytest.fixture
def control(installation: Installation) -> Controller:
    return Controller(installation)
