"""What PostgreSQL alone can do to devidp: connections that end by themselves, and locks that others hold."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest

from devidp.models import Event
from devidp.store import Database, postgres
from devidp.store.events import EventTable
from devidp.store.migrations import EVENTS
from tests.postgres import Server

INSERT = "INSERT INTO revocations (issuer, id, purge_at) VALUES ('i', ?, 0)"
COUNT = "SELECT count(*) FROM revocations"
END_OTHERS = """
SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def url(postgres_server: Server) -> str:
    return postgres_server.new_database()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with closing(postgres.open_database(url)) as database:
        yield database


def write(database: Database) -> None:
    with database.transaction() as transaction:
        transaction.execute(INSERT, ("written",))


@pytest.mark.parametrize(
    "use",
    [
        lambda database: database.row(COUNT),
        lambda database: database.execute(INSERT, ("executed",)),
        write,
    ],
    ids=["a read", "a statement", "a transaction"],
)
def test_a_connection_that_ended_while_nobody_used_it_is_replaced(
    database: Database, url: str, use: Callable[[Database], object]
) -> None:
    use_before = database.row(COUNT)
    with closing(psycopg.connect(url, autocommit=True)) as other:
        assert other.execute(END_OTHERS).fetchall() == [(True,)]
    use(database)
    assert use_before == (0,)


def test_a_transaction_without_a_statement_asks_nothing(database: Database) -> None:
    with database.transaction(), database.transaction():
        pass
    with pytest.raises(ZeroDivisionError), database.transaction():
        raise ZeroDivisionError
    assert database.row(COUNT) == (0,)


def test_an_event_does_not_wait_for_a_write_of_another(database: Database, url: str) -> None:
    events = postgres.open_database(url, EVENTS, durable=False)
    with closing(EventTable(events, "run")) as log, database.transaction() as transaction:
        transaction.execute(INSERT, ("a",))
        log.record(Event("token", "default", 200, 1.0))
        assert len(log.since()[0]) == 1


WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def test_events_are_seen_in_the_order_of_their_ids(url: str) -> None:
    """Who has read one never misses another that got its id before, and came to its end after."""
    early, late = (Event("token", name, 200, 1.0) for name in ("early", "late"))
    events, others = (postgres.open_database(url, EVENTS, durable=False) for _ in range(2))
    with closing(EventTable(events, "run")) as log, closing(EventTable(others, "run")) as other_log:
        recording = threading.Thread(target=other_log.record, args=(late,))
        with events.transaction() as transaction:
            transaction.execute("INSERT INTO events (run, event) VALUES ('run', ?)", (json.dumps(early),))
            recording.start()
            while not transaction.row(WAITING) and not other_log.since()[0]:
                pass
            assert other_log.since()[0] == []
        recording.join()
        assert log.since()[0] == [early, late]
