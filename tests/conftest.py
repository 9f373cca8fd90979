"""Fixtures: an application of the shipped seed with a clock that can be moved, in process and over real HTTP."""

from __future__ import annotations

import inspect
import signal
import ssl
from collections.abc import Iterator
from typing import Any

import certifi
import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient

from devidp.app import create_app
from devidp.models.config import Config
from devidp.store import postgres
from devidp.system.clock import Clock
from devidp.web.runtime import Runtime
from tests.cli.running import DEADLINE
from tests.engines import ENGINES, Databases, Engine
from tests.flow import Flow
from tests.postgres import Server, running
from tests.serving import wsgi_served
from tests.shipped import PUBLIC_URL, Start
from tests.tools.demo.running import demo_running, mcp_server

KEEPING = {"engine", "shared_engine"}
"""The fixtures of whose devidp the state may be elsewhere."""

# httpx gives up after five seconds by default; a machine that has much to do may take longer
_PATIENCE = inspect.signature(httpx.Client).parameters["timeout"].default
_PATIENCE.connect = _PATIENCE.read = _PATIENCE.write = _PATIENCE.pool = DEADLINE

# the certificates that httpx trusts take a fortieth of a second, and every httpx.get reads them
_create, _BUNDLE = ssl.create_default_context, certifi.where()
_TRUSTING = _create(cafile=_BUNDLE)


def _context(*arguments: Any, **named: Any) -> ssl.SSLContext:
    return _create(*arguments, **named) if arguments or named != {"cafile": _BUNDLE} else _TRUSTING


ssl.create_default_context = _context

# a suite in the background of a shell ignores SIGINT, and so would every devidp that it starts
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", choices=ENGINES, default=ENGINES[0], help="PostgreSQL: what keeps state, on that alone"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    contract, sqlite = map(metafunc.definition.get_closest_marker, ("contract", "sqlite"))
    if contract and not sqlite and "engine" in metafunc.fixturenames and not _on_postgres(metafunc.config):
        other = pytest.param("PostgreSQL", marks=pytest.mark.slow)
        metafunc.parametrize("engine", ["SQLite", other], indirect=True)


def _on_postgres(config: pytest.Config) -> bool:
    return bool(config.getoption("--engine") == "PostgreSQL")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    if not _on_postgres(config):
        return
    for item in items:
        for about in item.iter_markers("sqlite"):
            item.add_marker(pytest.mark.skip(f"about SQLite: {about.args[0]}"))
    without = [item for item in items if not KEEPING.intersection(item.fixturenames)]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if KEEPING.intersection(item.fixturenames)]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def frozen(clock: Clock) -> Clock:
    """The clock, stopped at a whole second."""
    clock.freeze()
    clock.set(clock.seconds())
    return clock


@pytest.fixture
def app(clock: Clock, engine: Engine) -> Iterator[Flask]:
    application = create_app(Config(PUBLIC_URL, **engine.settings()), clock=clock)
    yield application
    application.extensions["devidp"].close()


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    found: Runtime = app.extensions["devidp"]
    return found


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def flow(app: Flask) -> Flow:
    return Flow(app)


@pytest.fixture
def start(clock: Clock, engine: Engine) -> Iterator[Start]:
    """Starts applications of the shipped seed with changes; see tests/shipped.py."""
    starting = Start(clock, engine)
    yield starting
    starting.close()


@pytest.fixture
def live_runtime(clock: Clock, engine: Engine) -> Iterator[Runtime]:
    """A devidp that answers over real HTTP at its public URL; its clock is the fixture ``clock``."""
    settings = engine.settings()
    with wsgi_served(lambda base_url: create_app(Config(base_url, **settings), clock=clock)) as (_, application):
        running: Runtime = application.extensions["devidp"]
        yield running
    running.close()


@pytest.fixture
def live_url(live_runtime: Runtime) -> str:
    """The base URL of a devidp that answers over real HTTP."""
    return live_runtime.config.public_url


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The MCP server of a ``devidp demo``, which is a program of its own."""
    with demo_running(tmp_path_factory.mktemp("demo")) as started:
        yield mcp_server(started)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A real PostgreSQL, started by the first test of a process that needs one."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def databases(postgres_server: Server) -> Databases:
    return Databases(postgres_server)


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    """The URL of an empty database."""
    url = databases.take()
    yield url
    databases.give_back(url)


def _engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    name = getattr(request, "param", request.config.getoption("--engine"))
    found = Engine(request.getfixturevalue("databases") if name == "PostgreSQL" else None)
    with pytest.MonkeyPatch.context() as patch:
        # a machine that has much to do may take longer until there is a connection
        patch.setattr(postgres, "START_SECONDS", DEADLINE)
        patch.setattr(postgres, "AWAY_SECONDS", DEADLINE)
        yield found
    found.close()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Where the devidp of this test keeps its state; see tests/engines.py."""
    yield from _engine(request)


@pytest.fixture(scope="session")
def shared_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The same of a devidp that several tests have together."""
    yield from _engine(request)
