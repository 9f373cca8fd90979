"""Full load for as long as is asked for, while the seed is edited and the keys are rotated: nothing may grow."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from devidp.seed import shipped_path
from tests.cli.running import DEADLINE, Running
from tests.durability.crowd import Crowd
from tests.durability.kill import free_port, served

STEP_SECONDS = 5.0
MAX_GROWTH = 10 * 1024 * 1024
"""Bytes of a worker in the last two thirds of the time: what is kept ready is bounded, and takes a while to be full."""
MAX_MORE_FILES = 64
"""Each of 16 threads may open two databases, of two files each, when it first has work; a leak has no end."""


@dataclass(slots=True)
class Load:
    """What came of it. Sizes are those of the largest worker, in bytes; files are open descriptors."""

    answers: int = 0
    reloads: int = 0
    sizes: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    database: int = 0
    problems: list[str] = field(default_factory=list)

    def grown(self) -> int:
        return _growth(self.sizes)


def run(home: Path, seconds: float, step: float = STEP_SECONDS) -> Load:
    """Edit the seed and rotate the key of the first issuer every ``step`` seconds."""
    load, seed = Load(), home / "seed.yaml"
    seed.write_text(_edited("nobody"))
    with served(home, free_port(), "--seed", str(seed)) as (server, url):
        workers = _pids(server)
        crowd = Crowd(url)
        crowd.start()
        try:
            for number in range(max(1, int(seconds / step))):
                visitor = f"visitor{number}"
                seed.write_text(_edited(visitor))
                httpx.post(
                    f"{url.removesuffix('/default')}/_devidp/api/keys", json={"action": "rotate"}, timeout=DEADLINE
                ).raise_for_status()
                crowd.wait(step)
                load.reloads += _comes_to_know(url, visitor)
                load.sizes.append(max(_memory(server)))
                load.files.append(max(_files(server)))
                load.problems += [f"the log says: {line}" for line in server.said() if "Traceback" in line]
        finally:
            crowd.stop()
        ended = _pids(server) != workers
    load.answers, load.database = crowd.asked, (home / "data" / "devidp.db").stat().st_size
    load.problems += [*crowd.surprises, *_complaints(load, ended)]
    return load


def _edited(visitor: str) -> str:
    """The shipped seed with one more user."""
    return shipped_path().read_text().replace("\nusers:\n", f"\nusers:\n  {visitor}: {{}}\n")


def _comes_to_know(url: str, username: str) -> bool:
    """Whether the edited seed is in force, now or when a busy machine has come to it."""
    deadline, pause = time.monotonic() + DEADLINE, threading.Event()
    while time.monotonic() < deadline:
        users = httpx.get(f"{url.removesuffix('/default')}/_devidp/api/users", timeout=DEADLINE).json()["users"]
        if username in [user["username"] for user in users]:
            return True
        pause.wait(0.1)
    return False


def _complaints(load: Load, ended: bool) -> Iterator[str]:
    if ended:
        yield "a worker ended, and was replaced"
    if load.reloads < len(load.sizes):
        yield f"only {load.reloads} of {len(load.sizes)} edited seeds came into force"
    if load.grown() > MAX_GROWTH:
        yield f"a worker grew by {load.grown() >> 20} MB"
    if _growth(load.files) > MAX_MORE_FILES:
        yield f"a worker opened {_growth(load.files)} more files than it closed"


def _growth(values: list[int]) -> int:
    return values[-1] - values[len(values) // 3]


def _pids(server: Running) -> set[int]:
    return {worker.pid for worker in server.workers()}


def _memory(server: Running) -> list[int]:
    return [int(worker.memory_info().rss) for worker in server.workers()]


def _files(server: Running) -> list[int]:
    return [worker.num_fds() for worker in server.workers()]
