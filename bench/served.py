"""A devidp to measure: started as its users start it, with a durable store."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.machine import cpu_seconds

STARTED = "ready:"
SECRET = "of replicas that nobody else can reach"


@dataclass(frozen=True, slots=True)
class Served:
    """A running devidp."""

    process: subprocess.Popen[str]
    issuer: str
    started: float
    """Seconds from the start of the process to its first answer."""

    def workers(self) -> list[int]:
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def cpu(self) -> float:
        return cpu_seconds(self.workers())

    def megabytes(self) -> float:
        """Resident memory of the largest worker."""
        return max(psutil.Process(pid).memory_info().rss for pid in self.workers()) / 2**20


@contextmanager
def served(workers: int = 1, database: str | None = None) -> Iterator[Served]:
    """With ``database`` a replica on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        where = ["--data", str(Path(folder) / "data")] if database is None else ["--database", database]
        command = [
            sys.executable, "-m", "devidp", "serve", "--port", "0", *where, "--workers", str(workers), "--no-reload",
        ]  # fmt: skip
        environment = {**os.environ, "DEVIDP_SECRET": SECRET} if database else None
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        started = time.perf_counter() - began
        try:
            assert STARTED in line, line
            yield Served(process, line.split(STARTED)[1].strip(), started)
        finally:
            process.terminate()
            process.wait()
