"""A devidp as its users start it, on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Running
from tests.safety.wire import Wire


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """Bytes to and from a devidp with one worker, which lasts for the tests of a file."""
    home: Path = tmp_path_factory.mktemp("home")
    server = Running(home, "serve", "--port", "0", "--memory")
    yield Wire(server.issuer())
    server.kill()


@pytest.fixture
def devidp_command(tmp_path: Path) -> Iterator[Running]:
    """A devidp that was told of two further names."""
    server = Running(tmp_path, "serve", "--port", "0", "--memory", DEVIDP_ALLOWED_HOST="mine.example other.example")
    yield server
    server.kill()
