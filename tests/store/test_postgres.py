"""What PostgreSQL alone can do to devidp: connections that end by themselves, and locks that others hold."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import psycopg
import pytest

from devidp.models import Event
from devidp.store import Database, StoreError, postgres, postgres_connection
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
def database(postgres_url: str) -> Iterator[Database]:
    with closing(postgres.open_database(postgres_url)) as database:
        yield database


class Wire:
    """Between a database and its client, from a port of its own. What is cut says nothing any more, to either side."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._cut: set[socket.socket] = set()

    def __enter__(self) -> Wire:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for end in (self._listener, *self._ends):
            end.close()

    def cut(self) -> None:
        """Swallow what comes on the connections that there are; new ones are sound."""
        self._cut = set(self._ends)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += near, far
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                if one not in self._cut:
                    other.sendall(data)


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
    database: Database, postgres_url: str, use: Callable[[Database], object]
) -> None:
    use_before = database.row(COUNT)
    with closing(psycopg.connect(postgres_url, autocommit=True)) as other:
        assert other.execute(END_OTHERS).fetchall() == [(True,)]
    use(database)
    assert use_before == (0,)


@pytest.mark.parametrize("goes_on", [False, True], ids=["at its end", "before its last statement"])
def test_a_transaction_whose_connection_ends_is_none(database: Database, postgres_url: str, goes_on: bool) -> None:
    def write_twice() -> None:
        with database.transaction() as transaction:
            transaction.execute(INSERT, ("first",))
            with closing(psycopg.connect(postgres_url, autocommit=True)) as other:
                assert other.execute(END_OTHERS).fetchall() == [(True,)]
            if goes_on:
                transaction.execute(INSERT, ("last",))

    with pytest.raises(StoreError, match="cannot be used"):
        write_twice()
    assert database.row(COUNT) == (0,)


def test_who_stands_still_in_a_transaction_loses_it(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a replica whose machine is frozen, or cut off: the others would wait for its lock."""
    monkeypatch.setattr(postgres_connection, "ANSWER_SECONDS", 0.5)

    def stand_still(until: Callable[[], None]) -> None:
        with frozen.transaction() as transaction:
            transaction.execute(INSERT, ("never",))
            until()

    with (
        closing(postgres.open_database(postgres_url)) as frozen,
        closing(postgres.open_database(postgres_url)) as other,
    ):
        monkeypatch.undo()  # the other one waits for the lock
        with pytest.raises(StoreError, match="cannot be used"):
            stand_still(until=lambda: write(other))
        assert frozen.row(COUNT) == (1,)


def test_connections_that_were_cut_off_are_all_replaced(
    postgres_server: Server, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for each of them in turn."""
    together = threading.Barrier(3)
    said: list[str] = []

    def hold(database: Database) -> None:
        with database.transaction() as transaction:
            together.wait()
            transaction.row(COUNT)

    with Wire(postgres_server.port) as wire:
        through = postgres_url.replace(f":{postgres_server.port}/", f":{wire.port}/")
        with closing(postgres.open_database(through)) as database:
            with ThreadPoolExecutor(3) as pool:
                list(pool.map(hold, [database] * 3))
            wire.cut()
            monkeypatch.setattr(postgres_connection, "ANSWER_SECONDS", 0.5)
            while not said or said[-1]:
                try:
                    assert database.row(COUNT) == (0,)
                    said.append("")
                except StoreError as error:
                    said.append(str(error))
    assert ["has not answered" in each for each in said].count(True) == 1


@pytest.mark.parametrize("first", ["main", "events"])
def test_a_server_that_says_nothing_is_waited_for_once(
    postgres_server: Server, postgres_url: str, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """By whoever asks it for something and then has an event written."""
    monkeypatch.setattr(postgres_connection, "ANSWER_SECONDS", 0.5)
    with (
        closing(postgres.open_database(postgres_url)) as main,
        closing(postgres.open_database(postgres_url, EVENTS, durable=False, beside=main)) as events,
    ):
        asked = [(main, COUNT), (events, "SELECT count(*) FROM events")]
        with postgres_server.silent():
            said = [str(refused(*each)) for each in (asked if first == "main" else reversed(asked))]
        assert ["has not answered" in each for each in said] == [True, False]
        assert "it was away a moment ago" in said[1]
        for each in asked:
            while refused(*each):
                pass


def refused(database: Database, query: str) -> StoreError | None:
    try:
        assert database.row(query) == (0,)
    except StoreError as error:
        return error
    return None


def test_a_transaction_without_a_statement_asks_nothing(database: Database) -> None:
    with database.transaction(), database.transaction():
        pass
    with pytest.raises(ZeroDivisionError), database.transaction():
        raise ZeroDivisionError
    assert database.row(COUNT) == (0,)


def test_an_event_does_not_wait_for_a_write_of_another(database: Database, postgres_url: str) -> None:
    events = postgres.open_database(postgres_url, EVENTS, durable=False)
    with closing(EventTable(events, "run")) as log, database.transaction() as transaction:
        transaction.execute(INSERT, ("a",))
        log.record(Event("token", "default", 200, 1.0))
        assert len(log.since()[0]) == 1


WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def test_events_are_seen_in_the_order_of_their_ids(postgres_url: str) -> None:
    """Who has read one never misses another that got its id before, and came to its end after."""
    early, late = (Event("token", name, 200, 1.0) for name in ("early", "late"))
    events, others = (postgres.open_database(postgres_url, EVENTS, durable=False) for _ in range(2))
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
