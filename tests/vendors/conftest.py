"""A devidp for each version of Entra ID's tokens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devidp import DevIdP
from tests.vendors.entra import seed


@pytest.fixture(scope="module")
def idp() -> Iterator[DevIdP]:
    with DevIdP(seed("entra"), tls=True) as idp:
        yield idp


@pytest.fixture(scope="module")
def v1() -> Iterator[DevIdP]:
    with DevIdP(seed("entra-v1"), tls=True) as idp:
        yield idp
