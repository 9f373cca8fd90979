"""`make fuzz`: COUNT requests, then what came of them; exits with 1 for a defect, or for growth."""

from __future__ import annotations

import logging
import os
import sys
import time

import psutil

from devidp.app import create_app
from devidp.config import Config
from tests.fuzz.drive import drive
from tests.shipped import PUBLIC_URL

WARM = 20_000
MAX_GROWTH = 32 * 1024 * 1024
"""Bytes, after the first ``WARM`` requests have filled what is kept on purpose."""


def main() -> int:
    logging.disable(logging.CRITICAL)
    count, seed = int(os.environ.get("COUNT", "200000")), int(os.environ.get("SEED", "1"))
    app = create_app(Config(PUBLIC_URL))
    began = time.perf_counter()
    first = drive(app, min(WARM, count), seed)
    warm = psutil.Process().memory_info().rss
    rest = drive(app, max(0, count - WARM), seed + 1)
    grown = psutil.Process().memory_info().rss - warm
    statuses, defects = first.statuses + rest.statuses, first.defects + rest.defects
    print(f"{sum(statuses.values())} requests in {time.perf_counter() - began:.0f} s, SEED={seed}")
    print(f"answers {dict(sorted(statuses.items()))}, slowest {max(first.slowest, rest.slowest) * 1000:.0f} ms")
    print(f"grown by {grown / 2**20:.1f} MB, {len(defects)} defects")
    for defect in defects[:20]:
        print(defect, file=sys.stderr)
    return 1 if defects or grown > MAX_GROWTH else 0


if __name__ == "__main__":
    sys.exit(main())
