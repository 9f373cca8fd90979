"""A devidp that the servers of a module trust, and the probe of a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from devidp import DevIdP
from devidp.report import Report

Probed = Callable[..., Report]
WAITING = ("rotation", "outage")
"""Groups in which a server with a cache is waited for: tests of their own name them."""


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP() as running:
        yield running


@pytest.fixture(scope="module")
def probed(idp: DevIdP) -> Probed:
    return partial(idp.probe, parallel=8, skip=WAITING)
