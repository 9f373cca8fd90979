"""What this machine can do, measured at the moment: the units of every figure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median

OPENSSL_SECONDS = 1
IMPORTS = 7


@dataclass(frozen=True, slots=True)
class Machine:
    """``rate`` is L, RSA-2048 signatures a second on one core; ``imports`` is I, seconds of ``import flask``."""

    rate: float
    imports: float

    @property
    def signature(self) -> float:
        """S: CPU seconds of one signature."""
        return 1 / self.rate


def measured() -> Machine:
    return Machine(signatures(), median(sorted(import_seconds() for _ in range(IMPORTS))))


def signatures() -> float:
    """L, by the CPU time of ``openssl speed``: what else runs does not count."""
    done = subprocess.run(
        ["openssl", "speed", "-seconds", str(OPENSSL_SECONDS), "rsa2048"], capture_output=True, text=True, check=True
    )
    found = re.search(r"^rsa +2048 bits +\S+ +\S+ +([0-9.]+)", done.stdout, re.MULTILINE)
    assert found, done.stdout
    return float(found[1])


def import_seconds() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import flask"], check=True)
    return time.perf_counter() - began


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of processes."""
    return sum(_cpu(pid) for pid in pids)


def _cpu(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
