"""Which processor a worker runs on.

The interpreter runs one thread at a time, and threads on several processors fight over which: with 8 connections a
token takes 1.4 times the CPU time, and an introspection twice. Only Linux can be asked; elsewhere workers run anywhere.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def choose(workers: int, *, replica: bool) -> list[set[int]]:
    """For each worker the processors that it may use: one, and another one for each as long as there are any.

    A replica may use them all: those of one machine know nothing of each other, and often chose the same. On two
    processors, two then gave 0.6 times the tokens.
    """
    if replica or sys.platform != "linux":
        return [set() for _ in range(workers)]
    allowed = sorted(os.sched_getaffinity(0))
    # the scheduler knows which processors are fast and free, and has put this process on one: proc(5), stat, field 39
    here = int(Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[36])
    first = allowed.index(here) if here in allowed else 0
    return [{allowed[(first + worker) % len(allowed)]} for worker in range(workers)]


def stay_on(processors: set[int]) -> None:
    """Run this process and the threads that it starts on ``processors``; anywhere where there are none."""
    if sys.platform == "linux" and processors:
        os.sched_setaffinity(0, processors)
