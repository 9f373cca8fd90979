"""Replicas that serve different things say so, by name: nobody has to find out from answers that change."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Running, fetch, run
from tests.durability.kill import free_port
from tests.durability.race import SEED
from tests.postgres import Server
from tests.replicas.replicas import SECRET


class Replica:
    def __init__(self, home: Path, database: str, seed: Path, base: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        flags = ("--database", database, "--port", str(port), "--seed", str(seed), "--public-url", base)
        self.running = Running(home, "serve", *flags, DEVIDP_SECRET=SECRET)
        self.running.issuer()

    def warnings(self) -> list[Any]:
        status, text = fetch(self.url, "/_devidp/api/seed")
        assert status == 200
        return list(json.loads(text)["warnings"])


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.mark.slow
def test_another_seed_and_another_url(tmp_path: Path, seed: Path, postgres_server: Server, stack: ExitStack) -> None:
    database, edited = postgres_server.new_database(), tmp_path / "edited.yaml"
    edited.write_text(SEED.replace("password: alice", "password: changed"))

    def started(seed: Path, base: str) -> Replica:
        replica = Replica(tmp_path, database, seed, base)
        stack.callback(replica.running.kill)
        return replica

    old = started(seed, "http://old.test")
    assert old.warnings() == []
    new = started(edited, "http://new.test")
    assert fetch(old.url, "/health/ready")[0] == 200
    said = old.running.error("Another replica on this database serves something else")
    assert re.search(r"seed \w{8} \(here \w{8}\), --public-url http://new\.test \(here http://old\.test\)", said)
    assert "changed" not in said
    assert [warning in said for warning in old.warnings()] == [True]
    assert new.warnings() == [], "who comes last is what the others are to become"

    assert run(tmp_path, "reset", "--url", new.url).returncode == 0
    assert len(old.warnings()) == 1, "a reset makes them no more alike"
    old.running.end()
    assert (started(edited, "http://new.test").warnings(), new.warnings()) == ([], [])
