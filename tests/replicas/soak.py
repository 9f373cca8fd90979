"""`make soak-replicas`: kills and races of three replicas on one PostgreSQL. Exits with 1 for a defect.

KILLS of a replica, of PostgreSQL and of one of its processes in turn, ROUNDS of each race; SEED is that of chance.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from pathlib import Path

from tests.durability.soak import killed, raced, status
from tests.replicas.kill import ground, kill_often

_DEFAULTS = {"KILLS": "50", "ROUNDS": "200", "SEED": str(random.randrange(10_000))}


def main() -> int:
    kills, rounds, seed = (int(os.environ.get(name) or given) for name, given in _DEFAULTS.items())
    random.seed(seed)
    print(f"KILLS={kills} ROUNDS={rounds} SEED={seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder, ground(Path(folder)) as found:
        problems = killed(kill_often(found, kills))
        return status(problems + raced(found.three.base, rounds, *found.three.ports))


if __name__ == "__main__":
    sys.exit(main())
