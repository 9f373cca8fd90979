"""`make soak`: kills, races and full load, as long as is asked for. Prints what came of it; exits with 1 for a defect.

SECONDS of full load with seed reloads and key rotations, KILLS of a busy server, ROUNDS of each race.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.durability import load, race
from tests.durability.kill import Outcome, kill_often

_DEFAULTS = {"SECONDS": "600", "KILLS": "100", "ROUNDS": "500"}


def main() -> int:
    seconds, kills, rounds = (int(os.environ.get(name, given)) for name, given in _DEFAULTS.items())
    with tempfile.TemporaryDirectory() as folder:
        parts = [("killed", _killed, kills), ("raced", _raced, rounds), ("loaded", _loaded, seconds)]
        return status([problem for name, part, amount in parts for problem in _timed(part, Path(folder, name), amount)])


def status(problems: list[str]) -> int:
    """The exit status, after the first problems were printed."""
    for problem in problems[:20]:
        print(f"DEFECT {problem}", file=sys.stderr)
    return 1 if problems else 0


def _timed(part: Callable[[Path, int], list[str]], home: Path, amount: int) -> list[str]:
    if not amount:
        return []
    home.mkdir()
    began = time.perf_counter()
    problems = part(home, amount)
    print(f"  {len(problems)} defects, {time.perf_counter() - began:.0f} s", flush=True)
    return problems


def _killed(home: Path, kills: int) -> list[str]:
    return killed(kill_often(home, kills))


def killed(outcome: Outcome) -> list[str]:
    """The problems of ``outcome``, after its figures were printed."""
    print(
        f"kill -9: {outcome.kills} times, {outcome.acknowledged} answers, {outcome.lost} lost,"
        f" {outcome.checked} clients checked",
        flush=True,
    )
    return outcome.problems


def _raced(home: Path, rounds: int) -> list[str]:
    with race.course(home) as base:
        return raced(base, rounds)


def raced(base: str, rounds: int, *ports: int) -> list[str]:
    """What was unfair in so many rounds of each race, after their figures were printed."""
    problems: list[str] = []
    for name in race.RACES:
        found = race.run(base, name, rounds, *ports)
        print(f"race for one {name}: {rounds} rounds of {race.RUNNERS}, {len(found)} unfair", flush=True)
        problems += found
    return problems


def _loaded(home: Path, seconds: int) -> list[str]:
    found = load.run(home, seconds)
    print(
        f"full load: {seconds} s, {found.answers} answers, {found.reloads} seed reloads and key rotations, "
        f"{found.sizes[-1] >> 20} MB a worker, grown by {found.grown() / 2**20:.1f} MB, "
        f"{found.database >> 20} MB in the database"
    )
    return found.problems


if __name__ == "__main__":
    sys.exit(main())
