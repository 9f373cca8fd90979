"""Kills a busy devidp at random moments, starts it again, and asks what it still knows."""

from __future__ import annotations

import random
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.running import Running
from tests.durability.crowd import Crowd, forgotten

CHECKED = 60
"""Clients asked for after each kill; of more, the newest."""


@dataclass(slots=True)
class Outcome:
    """What came of so many kills."""

    kills: int = 0
    acknowledged: int = 0
    """Answers that were received."""
    checked: int = 0
    problems: list[str] = field(default_factory=list)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def served(home: Path, port: int, *flags: str) -> Iterator[tuple[Running, str]]:
    """A devidp with two workers over the data folder of ``home``, and its first issuer."""
    server = Running(home, "serve", "--port", str(port), "--data", str(home / "data"), "--workers", "2", *flags)
    try:
        yield server, server.issuer()
    finally:
        server.kill()


def kill_often(home: Path, kills: int, longest: float = 1.5) -> Outcome:
    outcome, port, last = Outcome(), free_port(), Crowd("")
    for _ in range(kills):
        with served(home, port) as (server, url):
            _check(outcome, url, last)
            last = Crowd(url)
            last.start()
            last.wait(random.uniform(0.2, longest))
            server.end_group(signal.SIGKILL)
            last.stop()
        outcome.kills += 1
        outcome.acknowledged += last.asked
        outcome.problems += [*last.surprises, *_damage(home / "data" / "devidp.db")]
    with served(home, port) as (_, url):
        _check(outcome, url, last)
    return outcome


def _check(outcome: Outcome, url: str, crowd: Crowd) -> None:
    told = crowd.told[-CHECKED:]
    outcome.problems += forgotten(url, told)
    outcome.checked += len(told)


def _damage(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    return [] if said == "ok" else [f"the database is damaged: {said}"]
