from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.race import SEED
from tests.postgres import Server
from tests.replicas.replicas import Replicas, replicas


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seed") / "seed.yaml"
    path.write_text(SEED)
    return path


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory, seed: Path, postgres_server: Server) -> Iterator[Replicas]:
    """Started at the same moment on an empty database."""
    with replicas(tmp_path_factory.mktemp("home"), postgres_server.new_database(), seed) as found:
        yield found
