"""Kills busy replicas and their PostgreSQL at random moments, and asks what they still know together."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from devidp.system.clock import pause
from tests import postgres
from tests.cli.running import DEADLINE
from tests.durability.client import Client, Lost, Told
from tests.durability.crowd import CLIENTS, Crowd
from tests.durability.kill import BUSY, CHECKED, KEPT, Outcome, check, free_port
from tests.durability.race import SEED
from tests.replicas.balancer import balanced
from tests.replicas.replicas import NUMBER, Replicas, replicas

AWAY = frozenset({502, 503, 504})
"""What a balancer answers for a replica that ended, and a replica for a database that is away."""


TWICE = """SELECT client_id FROM refresh_tokens WHERE used_at IS NULL
 GROUP BY issuer, client_id, grant_id HAVING count(*) > 1"""
"""Whose authorization has two good refresh tokens, though perhaps nobody was told of both: something was used twice."""


class Balanced(Client):
    """One to whom a replica or a database that is away is an answer that was lost."""

    highest = 599

    def ask(self, method: str, path: str, *more: Any) -> tuple[int, dict[str, str], bytes]:
        answer = super().ask(method, path, *more)
        if answer[0] in AWAY:
            self.lost += 1
            raise Lost
        assert answer[0] < 500, (method, path, answer)
        return answer


class Ground:
    """Three replicas behind a balancer at ``url``, and their PostgreSQL."""

    def __init__(self, port: int, three: Replicas, database: postgres.Server) -> None:
        self.port, self.url = port, f"{three.base}/default"
        self.three, self.database = three, database

    def settle(self) -> None:
        """Wait until every replica does its work again."""
        for port in self.three.ports:
            for _ in range(DEADLINE * 10):
                with suppress(Lost), closing(Balanced(self.url, port)) as client:
                    client.register()
                    break
                pause(0.1)
            else:
                raise AssertionError(f"the replica on port {port} stays away")

    def used_twice(self) -> list[str]:
        with closing(psycopg.connect(self.three.database)) as connection:
            return [f"something was used twice (client {row[0]})" for row in connection.execute(TWICE)]

    def kill_replica(self) -> None:
        number = random.randrange(NUMBER)
        self.three.running[number].end_group(signal.SIGKILL)
        self.three.replace(number)

    def kill_database(self) -> None:
        """All of it at once."""
        self.database.kill()
        self.database.start()

    def kill_connection(self) -> None:
        """One process of PostgreSQL, which then ends the others, as their memory may be spoilt, and recovers."""
        self.database.kill_backend()


KILLS: tuple[Callable[[Ground], None], ...] = (Ground.kill_replica, Ground.kill_database, Ground.kill_connection)


@contextmanager
def ground(home: Path) -> Iterator[Ground]:
    """With the seed of the races."""
    port, seed = free_port(), home / "seed.yaml"
    seed.write_text(SEED)
    with (
        postgres.running() as database,
        replicas(home, database.new_database(), seed, base=f"http://localhost:{port}") as three,
        balanced(home, port, three.ports),
    ):
        yield Ground(port, three, database)


def kill_often(ground: Ground, kills: int) -> Outcome:
    """Each kill is under the load of ``CLIENTS``, which goes on until each of them was served again."""
    outcome, kept, keys = Outcome(), list[Told](), _keys(ground.url)
    for number in range(kills):
        crowd = Crowd(ground.url, client=Balanced, lasting=True)
        crowd.start()
        crowd.wait_for(random.randint(1, BUSY))
        crowd.wait(random.uniform(0, 0.2))
        KILLS[number % len(KILLS)](ground)
        crowd.wait_for(len(crowd.told) + 2 * CLIENTS)
        crowd.stop()
        ground.settle()
        kept += crowd.told[:KEPT]
        outcome.kills += 1
        outcome.acknowledged += crowd.asked
        outcome.lost += crowd.lost
        outcome.problems += [*crowd.surprises, *ground.used_twice()]
        check(outcome, ground.url, crowd.told[KEPT:][-CHECKED:])
    check(outcome, ground.url, kept)
    if _keys(ground.url) != keys:
        outcome.problems.append("the keys are others")
    return outcome


def _keys(url: str) -> bytes:
    with closing(Balanced(url)) as client:
        return client.ask("GET", "/.well-known/jwks.json")[2]
