"""`make soak`: kills, races and full load, as long as is asked for. Prints what came of it; exits with 1 for a defect.

SECONDS of full load with seed reloads and key rotations, KILLS of a busy server, ROUNDS of each race.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import psutil

from devidp.keys import KeyRing
from devidp.seed import shipped_path
from tests.cli.running import Running
from tests.durability import race
from tests.durability.crowd import Crowd
from tests.durability.kill import free_port, kill_often, served

STEP_SECONDS = 5.0
WARM_STEPS = 3
MAX_GROWTH = 10 * 1024 * 1024
"""Bytes of a worker, after it has warmed up."""


def main() -> int:
    seconds, kills, rounds = (int(os.environ.get(name, given)) for name, given in _DEFAULTS.items())
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        problems += _killed(Path(folder), kills)
        problems += _raced(Path(folder), rounds)
        problems += _loaded(Path(folder), seconds)
    for problem in problems[:20]:
        print(f"DEFECT {problem}", file=sys.stderr)
    return 1 if problems else 0


_DEFAULTS = {"SECONDS": "600", "KILLS": "100", "ROUNDS": "500"}


def _killed(folder: Path, kills: int) -> list[str]:
    outcome = kill_often(_home(folder, "killed"), kills)
    print(
        f"kill -9: {outcome.kills} times, {outcome.acknowledged} answers, {outcome.checked} clients checked, "
        f"{len(outcome.problems)} defects",
        flush=True,
    )
    return outcome.problems


def _raced(folder: Path, rounds: int) -> list[str]:
    problems: list[str] = []
    with served(_home(folder, "raced"), free_port()) as (_, url):
        for name in race.RACES:
            found = race.run(url, name, rounds)
            print(f"race for one {name}: {rounds} rounds of {race.RUNNERS}, {len(found)} defects", flush=True)
            problems += found
    return problems


def _loaded(folder: Path, seconds: int) -> list[str]:
    home = _home(folder, "loaded")
    seed = home / "seed.yaml"
    seed.write_text(shipped_path().read_text())
    with served(home, free_port(), "--seed", str(seed)) as (server, url):
        crowd = Crowd(url)
        crowd.start()
        sizes = []
        for step in range(max(1, int(seconds / STEP_SECONDS))):
            crowd.wait(STEP_SECONDS)
            sizes.append(max(_sizes(server)))
            seed.write_text(f"{shipped_path().read_text()}\n# edited {step} times\n")
            KeyRing("default", "RS256", home / "data" / "keys").rotate()
        crowd.stop()
    grown = sizes[-1] - sizes[min(WARM_STEPS, len(sizes) - 1)]
    print(
        f"full load: {seconds} s, {crowd.asked} answers, {len(sizes)} seed reloads and key rotations, "
        f"{len(crowd.surprises)} unexpected answers, {sizes[-1] >> 20} MB a worker, grown by {grown / 2**20:.1f} MB",
        flush=True,
    )
    grew = [f"a worker grew by {grown >> 20} MB"] if grown > MAX_GROWTH else []
    return crowd.surprises + grew


def _sizes(server: Running) -> Iterable[int]:
    return [psutil.Process(worker.pid).memory_info().rss for worker in server.workers()]


def _home(folder: Path, name: str) -> Path:
    home = folder / name
    home.mkdir()
    return home


if __name__ == "__main__":
    sys.exit(main())
