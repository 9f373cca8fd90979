"""Load by wrk, which costs little itself, and flows by the clients of the durability tests."""

from __future__ import annotations

import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.served import Served
from tests.durability.client import Client, Told

SECONDS = 4
_SCRIPT = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Authorization"] = "Basic c2VydmljZTpzZXJ2aWNlLXNlY3JldA=="
wrk.body = "%s"
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests or flows a second, and the CPU seconds of the workers for each."""

    per_second: float
    cpu: float


def wrk(server: Served, path: str, connections: int, body: str | None = None) -> Rate:
    """Requests over keep-alive connections; every answer must be a success."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "post.lua"
        command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", f"{server.issuer}{path}"]
        if body is not None:
            script.write_text(_SCRIPT % body)
            command += ["-s", str(script)]
        before = server.cpu()
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        spent = server.cpu() - before
    assert "Non-2xx" not in said, said
    total, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec: +([\d.]+)", said)
    assert total, said
    assert rate, said
    return Rate(float(rate[1]), spent / int(total[1]))


def parallel(
    server: Served, clients: int, prepare: Callable[[Client], Told], step: Callable[[Client, Told], None]
) -> Rate:
    """Each of ``clients`` repeats ``step`` for SECONDS."""
    done, ends_at = [0] * clients, threading.Event()
    ready = threading.Barrier(clients + 1)

    def run(number: int) -> None:
        with closing(Client(server.issuer)) as client:
            told = prepare(client)
            ready.wait()
            while not ends_at.is_set():
                step(client, told)
                done[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    ready.wait()
    before, began = server.cpu(), time.perf_counter()
    ends_at.wait(SECONDS)
    ends_at.set()
    for thread in threads:
        thread.join()
    took, spent = time.perf_counter() - began, server.cpu() - before
    return Rate(sum(done) / took, spent / max(1, sum(done)))
