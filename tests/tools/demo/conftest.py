"""Fixtures: a devidp in this process, and the demo server before it, each mode once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from starlette.applications import Starlette

from devidp.app import create_app
from devidp.models.config import Config
from devidp.tools.demo.app import create_app as create_demo
from devidp.tools.demo.settings import Mode, Settings, TrustedIssuer
from devidp.web.control.controller import Controller
from tests.real_clients.asgi import asgi_served
from tests.serving import wsgi_served
from tests.tools.demo.caller import McpCaller

TENANTS = frozenset({"acme", "globex"})
OWNERS = {"alice": "acme", "bob": "globex", "mallory": "globex"}
LONG_HEADERS = 1024 * 1024
"""So that it is the gate that refuses a token that is too long, and not what stands before it."""
Serve = Callable[[Mode], McpCaller]


@pytest.fixture(scope="module")
def shared() -> Iterator[Controller]:
    with wsgi_served(lambda base_url: create_app(Config(base_url))) as (_, application):
        runtime = application.extensions["devidp"]
        yield Controller(runtime)
    runtime.close()


@pytest.fixture
def idp(shared: Controller) -> Iterator[Controller]:
    """A devidp over real HTTP, as its seed says; its keys are made once."""
    yield shared
    shared.reset()


@pytest.fixture(scope="module")
def serve(shared: Controller) -> Iterator[Serve]:
    """Starts the demo server in a mode, and says how to call it."""
    running: dict[Mode, McpCaller] = {}
    with ExitStack() as stack:

        def start(mode: Mode) -> McpCaller:
            if mode not in running:
                served = asgi_served(partial(demo_server, shared, mode), h11_max_incomplete_event_size=LONG_HEADERS)
                running[mode] = stack.enter_context(McpCaller(f"{stack.enter_context(served)}/mcp"))
            return running[mode]

        yield start


def demo_server(idp: Controller, mode: Mode, base_url: str) -> Starlette:
    issuers = tuple(
        TrustedIssuer(
            url=f"{idp.runtime.config.public_url}/{name}",
            tenants=TENANTS,
            client_id="web",
            client_secret="web-secret",
        )
        for name in ("default", "enterprise")
    )
    settings = Settings(resource=f"{base_url}/mcp", issuers=issuers, mode=mode, owners=OWNERS)
    return create_demo(settings, idp.clock.now)
