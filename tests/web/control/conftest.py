"""Fixtures: the controller of an application, and devidp with two workers."""

from __future__ import annotations

import pytest

from devidp.web.control.controller import Controller
from devidp.web.runtime import Runtime


@pytest.fixture
def control(runtime: Runtime) -> Controller:
    return Controller(runtime)
