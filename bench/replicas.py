"""Replicas on one PostgreSQL beside one process on SQLite. Run: ``python -m bench.replicas``.

What is aimed at nothing here: how many tokens a second come of it depends on the cores of this machine, which the load,
the replicas and PostgreSQL share. The CPU time of an operation does not.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from bench.load import TOKEN, Rate, flows, introspections, rotations, token, wrk
from bench.machine import cpu_seconds
from bench.served import Served, served
from tests import postgres

CONNECTIONS = 8
MOST_REPLICAS = 3
PAGE = b"x" * 8_192
FLUSHES = 200
OPERATIONS: dict[str, Callable[[Served, int], Rate]] = {
    "token by client credentials": lambda server, connections: wrk(server, "/token", connections, TOKEN),
    "introspection": introspections,
    "code flow with login and consent": flows,
    "rotation of a refresh token": lambda server, connections: rotations(server, connections, "mcp:read"),
}
HEADER = """
| | µs of devidp, SQLite | µs of devidp, PostgreSQL | µs of PostgreSQL | ms alone, SQLite | ms alone, PostgreSQL |
|---|---|---|---|---|---|"""
HEADER_OF_REPLICAS = """
| replicas | tokens a second | µs of devidp for each | µs of PostgreSQL for each |
|---|---|---|---|"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one operation: CPU seconds of devidp and of PostgreSQL; ``per_second`` is of all together."""

    per_second: float
    devidp: float
    postgres: float


def cost(
    operation: Callable[[Served, int], Rate], servers: Sequence[Served], connections: int, database: postgres.Server
) -> Cost:
    """With so many ``connections`` to each of the ``servers`` at once."""
    before = _cpu(database)
    with ThreadPoolExecutor(len(servers)) as pool:
        rates = list(pool.map(lambda server: operation(server, connections), servers))
    done = sum(rate.done for rate in rates)
    devidp = sum(rate.cpu * rate.done for rate in rates) / done
    return Cost(sum(rate.per_second for rate in rates), devidp, (_cpu(database) - before) / done)


def _cpu(database: postgres.Server) -> float:
    first = psutil.Process(database.pid)
    return cpu_seconds([first.pid, *(child.pid for child in first.children())])


def flush_seconds(folder: Path) -> float:
    """Until the disk has a page that is appended to a file: what each write of devidp waits for."""
    took = []
    with (folder / "flushed").open("wb", buffering=0) as file:
        for _ in range(FLUSHES):
            file.write(PAGE)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return median(took)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"a wait for the disk takes {flush_seconds(Path(folder)) * 1000:.2f} ms")
    with postgres.running() as database, ExitStack() as stack:
        print(HEADER)
        url = database.new_database()
        alone, replica = stack.enter_context(served()), stack.enter_context(served(database=url))
        for name, operation in OPERATIONS.items():
            _compare(name, operation, alone, replica, database)
        print(HEADER_OF_REPLICAS)
        replicas = [replica]
        for number in range(1, MOST_REPLICAS + 1):
            found = cost(OPERATIONS["token by client credentials"], replicas, CONNECTIONS, database)
            print(
                f"| {number} | {found.per_second:.0f} | {found.devidp * 1e6:.0f} | {found.postgres * 1e6:.0f} |",
                flush=True,
            )
            if number < MOST_REPLICAS:
                replicas.append(stack.enter_context(served(database=url)))
                token(replicas[-1])  # the first one takes longer


def _compare(
    name: str,
    operation: Callable[[Served, int], Rate],
    alone: Served,
    replica: Served,
    database: postgres.Server,
) -> None:
    operation(alone, 1)  # the first one takes longer
    operation(replica, 1)
    sqlite, shared = (cost(operation, [server], CONNECTIONS, database) for server in (alone, replica))
    one, other = (1000 / operation(server, 1).per_second for server in (alone, replica))
    cpu = " | ".join(f"{each * 1e6:.0f}" for each in (sqlite.devidp, shared.devidp, shared.postgres))
    print(f"| {name} | {cpu} | {one:.1f} | {other:.1f} |", flush=True)


if __name__ == "__main__":
    main()
