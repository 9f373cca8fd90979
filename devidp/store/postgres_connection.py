"""A connection to PostgreSQL, which is given up when its server says nothing."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.types.numeric import IntDumper

from devidp.store.database import Row
from devidp.system.clock import stopwatch

WAIT_SECONDS = 5.0
"""For the writes of others."""
ANSWER_SECONDS = WAIT_SECONDS + 1
"""For whatever is asked: a database that says nothing for longer counts as away."""
CONNECTING = {
    "target_session_attrs": "read-write", "client_encoding": "UTF8",
    "connect_timeout": 3, "keepalives_idle": 10, "keepalives_interval": 5, "tcp_user_timeout": 10_000,
}  # fmt: skip
"""What libpq is told where the URL does not say it: a host that is silent has gone, and not after minutes."""


class Silence(psycopg.OperationalError):
    """A server that is there has not answered."""


class Connection(psycopg.Connection[Row]):
    """One that waits for a server that says nothing, such as one whose processes stand, but not for ever."""

    def wait(self, gen: PQGen[RV], *interval: Any, **named: Any) -> RV:
        return super().wait(self._limited(gen), *interval, **named)

    def _limited(self, waiting: PQGen[RV]) -> PQGen[RV]:
        ends_at = stopwatch() + ANSWER_SECONDS
        try:
            wanted = next(waiting)
            while True:
                ready = yield wanted
                if not ready and stopwatch() > ends_at:
                    self.pgconn.finish()  # what was asked may be done later, and its answer is not to be another's
                    raise Silence(f"it has not answered for {ANSWER_SECONDS:g} seconds")
                wanted = waiting.send(ready)
        except StopIteration as done:
            result: RV = done.value
            return result


def check(connection: psycopg.Connection[Row]) -> None:
    """Without asking: of a server that has gone, its last words wait here to be read, and then its end."""
    for _ in range(2):
        connection.pgconn.consume_input()


def why_unreachable(known: dict[str, Any]) -> psycopg.Error | None:
    """Why no connection can be made, which the pool does not say."""
    try:
        psycopg.connect(**known).close()
    except psycopg.Error as error:
        return error
    return None


class _BoolAsInt(IntDumper):
    def dump(self, obj: Any) -> Any:
        return super().dump(int(obj))


def configure(connection: psycopg.Connection[Row]) -> None:
    """What a connection is told when it is made."""
    connection.adapters.register_dumper(bool, _BoolAsInt)  # columns of yes and no are integers
    connection.execute(f"SET lock_timeout = '{WAIT_SECONDS:g}s'")
    # a replica that stands still in a transaction is not to keep the others from writing
    connection.execute(f"SET idle_in_transaction_session_timeout = '{ANSWER_SECONDS:g}s'")
