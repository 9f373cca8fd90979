"""Fixtures: an issuer over real HTTP, a person at a browser, and time that passes for everybody at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devidp.web.runtime import Runtime
from tests.flow import REDIRECT_URI
from tests.real_clients.browser import Browser
from tests.real_clients.chromium import Chromium, chromium_running
from tests.real_clients.client import Client
from tests.real_clients.passing import passing_time
from tests.real_clients.secure import Secure, served_securely
from tests.real_clients.single_page import Application, single_page


@pytest.fixture
def issuer(live_url: str) -> str:
    return f"{live_url}/default"


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser that stops at the redirect URI, where no program listens."""
    opened = Browser(stop=REDIRECT_URI)
    yield opened
    opened.close()


@pytest.fixture
def client(issuer: str, browser: Browser) -> Iterator[Client]:
    opened = Client(issuer, browser)
    yield opened
    opened.session.close()


@pytest.fixture
def seen(live_runtime: Runtime) -> Callable[[], list[str]]:
    """What devidp was asked for since the last time, and how it answered: ``token 200``."""

    def take() -> list[str]:
        events = [f"{event.endpoint} {event.status}" for event in live_runtime.event_log.since()[0]]
        live_runtime.event_log.clear()
        return events

    return take


@pytest.fixture
def let_pass() -> Iterator[Callable[[float], None]]:
    """Lets seconds pass for devidp, its clients and the resource servers at once."""
    with passing_time() as move:
        yield move


@pytest.fixture(scope="session")
def chromium_program() -> Iterator[Chromium]:
    """It takes long to start, and is shared."""
    with chromium_running() as started:
        yield started


@pytest.fixture
def chromium(chromium_program: Chromium) -> Chromium:
    chromium_program.start_anew()
    return chromium_program


@pytest.fixture
def application(issuer: str) -> Iterator[Application]:
    """A single-page application, which is the client ``spa``."""
    with single_page(issuer) as served:
        yield served


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Secure]:
    """A devidp that speaks https; this process and what it starts trust it."""
    with served_securely(tmp_path, monkeypatch) as served:
        yield served
