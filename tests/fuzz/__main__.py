"""`make fuzz`: COUNT requests by hypothesis, and as many by a seed, to everything that can be asked for.

Then what schemathesis makes of the control API, and raw connections to a real server. Prints what came of each part;
exits with 1 for a defect, or for growth.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial

from tests.fuzz import described, drive, smuggled
from tests.fuzz.driven import Driven
from tests.fuzz.targets import AT_ISSUERS, CONTROL

MAX_GROWTH = 32 * 1024 * 1024
"""Bytes, after the first requests have filled what is kept on purpose."""
PROCESSES = 2


def main() -> int:
    count, seed = int(os.environ.get("COUNT", "200000")), int(os.environ.get("SEED", "1"))
    began = time.perf_counter()
    third, whole, failed = count // 3, 0, False
    parts: dict[str, Callable[[], Driven]] = {
        "endpoints": partial(drive.drive, AT_ISSUERS, count - third, count - third, seed),
        "control API": partial(drive.drive, CONTROL, third, third, seed),
        "schemathesis": partial(described.drive, count // 20, seed),
        "raw connections": partial(smuggled.drive, count // 20, seed),
    }
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, spawn, logging.disable, (logging.CRITICAL,)) as pool:
        running = {pool.submit(part): name for name, part in parts.items()}
        for done in as_completed(running):
            driven = done.result()
            whole += sum(driven.statuses.values())
            failed = _report(running[done], driven, time.perf_counter() - began) or failed
    print(f"{whole} requests in {time.perf_counter() - began:.0f} s, SEED={seed}")
    return 1 if failed else 0


def _report(name: str, driven: Driven, seconds: float) -> bool:
    """Whether there is something wrong."""
    print(f"{name}: {sum(driven.statuses.values())} requests after {seconds:.0f} s, {len(driven.defects)} defects")
    print(f"  {dict(sorted(driven.statuses.items()))}")
    print(f"  slowest {driven.slowest * 1000:.0f} ms, grown by {driven.grown / 2**20:.1f} MB", flush=True)
    for defect in driven.defects[:20]:
        print(f"DEFECT {defect}", file=sys.stderr)
    return bool(driven.defects) or driven.grown > MAX_GROWTH


if __name__ == "__main__":
    sys.exit(main())
