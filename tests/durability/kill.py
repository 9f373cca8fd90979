"""Kills a busy devidp at random moments, starts it again, and asks what it still knows."""

from __future__ import annotations

import random
import re
import signal
import socket
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from devidp.seed import shipped_path
from tests.cli.running import Running
from tests.durability.client import Told
from tests.durability.crowd import Crowd, forgotten

CHECKED = 200
"""Clients asked for after each kill; of more, the newest."""
BUSY = 40
"""Clients that are told something before a kill, at most."""
KEPT = 3
"""Clients of each round that are asked for after the last kill instead."""
CHECKERS = 8


@dataclass(slots=True)
class Outcome:
    """What came of so many kills."""

    kills: int = 0
    acknowledged: int = 0
    """Answers that were received."""
    lost: int = 0
    """Requests without an answer, or with none but that something is away."""
    checked: int = 0
    problems: list[str] = field(default_factory=list)


def free_port() -> int:
    """One that nobody gets who asks the system for any: those are higher ones, and between two uses it stays free."""
    while True:
        port = random.randint(10_000, 32_000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


def without_grace(path: Path) -> Path:
    """The shipped seed at ``path``, but that a refresh token may be used once, whoever is quick."""
    path.write_text(re.sub("refresh_grace: .*", "refresh_grace: 0s", shipped_path().read_text()))
    return path


@contextmanager
def served(home: Path, port: int, *flags: str) -> Iterator[tuple[Running, str]]:
    """A devidp with two workers over the data folder of ``home``, and its first issuer."""
    server = Running(home, "serve", "--port", str(port), "--data", str(home / "data"), "--workers", "2", *flags)
    try:
        yield server, server.issuer()
    finally:
        server.kill()


def kill_often(home: Path, kills: int) -> Outcome:
    """Each start is over what the kill has left: nothing else opens the database before it."""
    outcome, port, last = Outcome(), free_port(), Crowd("")
    kept: list[Told] = []
    seed = without_grace(home / "seed.yaml")
    for _ in range(kills):
        with served(home, port, "--seed", str(seed)) as (server, url):
            kept += last.told[:KEPT]
            check(outcome, url, last.told[KEPT:][-CHECKED:])
            outcome.problems += _damage(home / "data" / "devidp.db")
            last = Crowd(url)
            last.start()
            last.wait_for(random.randint(1, BUSY))
            last.wait(random.uniform(0, 0.2))
            server.end_group(signal.SIGKILL)
            last.stop()
        outcome.kills += 1
        outcome.acknowledged += last.asked
        outcome.lost += last.lost
        outcome.problems += last.surprises
    with served(home, port, "--seed", str(seed)) as (_, url):
        check(outcome, url, [*kept, *last.told])
        outcome.problems += _damage(home / "data" / "devidp.db")
    return outcome


def check(outcome: Outcome, url: str, told: list[Told]) -> None:
    """Ask the issuer at ``url`` for everything that it has ``told``."""
    parts = [told[number::CHECKERS] for number in range(CHECKERS)]
    with ThreadPoolExecutor(CHECKERS) as pool:
        for problems in pool.map(partial(forgotten, url), parts):
            outcome.problems += problems
    outcome.checked += len(told)


def _damage(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    return [] if said == "ok" else [f"the database is damaged: {said}"]
