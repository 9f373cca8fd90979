from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from devidp import DevIdP
from tests.dashboard.browser import Looker, chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def idp() -> Iterator[DevIdP]:
    """One that nobody else has looked at."""
    with DevIdP() as started:
        yield started


@pytest.fixture
def look(browser: Browser, idp: DevIdP) -> Iterator[Looker]:
    """Opens pages of ``idp``; what a browser complains of makes the test fail at its end."""
    looker = Looker(browser, idp.url)
    yield looker
    looker.close()
