"""The event log, in memory and as a table: every event is there once, in order, and none is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from devidp.models import Event
from devidp.store import open_database, postgres
from devidp.store.events import EventTable
from devidp.store.migrations import EVENTS
from devidp.system.event_log import KEPT_EVENTS, EventLog, MemoryEventLog

WRITER = """
import sys
from pathlib import Path
from tests.store.test_events import event, table
log = table(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    log.record(event(sys.argv[2], number))
"""
EACH = 2_500


def event(name: str, number: int) -> Event:
    return Event("token", name, 200, float(number))


def table(path: Path, run: str = "run") -> EventTable:
    return EventTable(open_database(path, EVENTS, durable=False), run)


@pytest.fixture(params=["in memory", "table", "PostgreSQL"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    found: EventLog
    if request.param == "PostgreSQL":
        url = request.getfixturevalue("postgres_url")
        found = EventTable(postgres.open_database(url, EVENTS, durable=False), "run")
    else:
        found = MemoryEventLog() if request.param == "in memory" else table(tmp_path / "events.db")
    with closing(found):
        yield found


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Callable[[], EventTable]]:
    """Makes the table of one more worker."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(table(tmp_path / "events.db")))


def record_at_once(log: EventLog, each: int = EACH) -> None:
    def record(name: str) -> None:
        for number in range(each):
            log.record(event(name, number))

    threads = [threading.Thread(target=record, args=(name,)) for name in "abc"]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # threads change in the midst of a record, too
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)


def by_writer(events: list[Event]) -> dict[str, list[float]]:
    return {name: [each.at for each in events if each.issuer == name] for name in "abc"}


def test_no_event_is_lost_where_three_threads_record_at_once(log: EventLog) -> None:
    record_at_once(log)
    events, cursor = log.since()
    assert by_writer(events) == {name: [float(number) for number in range(EACH)] for name in "abc"}
    assert log.since(cursor) == ([], cursor)


def test_of_more_than_are_kept_exactly_the_newest_are_there(log: EventLog) -> None:
    record_at_once(log)
    for number in range(KEPT_EVENTS - 1_234):
        log.record(event("later", number))
    events = log.since()[0]
    assert len(events) == KEPT_EVENTS
    assert sum(each.issuer == "later" for each in events) == KEPT_EVENTS - 1_234
    assert all(numbers == sorted(numbers) for numbers in by_writer(events).values())


def test_what_is_read_bit_by_bit_is_the_whole(log: EventLog) -> None:
    writer = threading.Thread(target=record_at_once, args=(log, 500))
    writer.start()
    seen: list[Event] = []
    cursor = 0
    while len(seen) < 1_500:
        log.wait_beyond(cursor, 60)
        found, cursor = log.since(cursor)
        seen += found
    writer.join()
    assert by_writer(seen) == {name: [float(number) for number in range(500)] for name in "abc"}


def test_a_cursor_stays_valid_when_events_are_forgotten(log: EventLog) -> None:
    log.record(event("before", 1))
    cursor = log.since()[1]
    log.clear()
    assert log.since()[0] == log.since(cursor)[0] == []
    log.record(event("after", 2))
    assert log.since(cursor)[0] == log.since()[0] == [event("after", 2)]


def test_a_cursor_of_the_future_is_none(log: EventLog) -> None:
    log.record(event("seen", 1))
    assert log.since(10**15)[0] == [event("seen", 1)]


def test_waiting_ends_with_the_event_or_with_the_time(log: EventLog) -> None:
    assert log.wait(lambda each: each.issuer == "later", 0.01) is None
    later = threading.Timer(0.05, log.record, [event("later", 1)])
    later.start()
    assert log.wait(lambda each: each.issuer == "later", 60) == event("later", 1)
    later.join()


def test_each_event_of_each_process_is_read_once(tmp_path: Path) -> None:
    with closing(table(tmp_path / "events.db")) as reader:
        command = [sys.executable, "-c", WRITER, str(tmp_path / "events.db")]
        writers = [subprocess.Popen([*command, name, "1000"]) for name in "ab"]
        seen: list[Event] = []
        cursor, ended = 0, False
        while not ended:
            ended = all(writer.poll() is not None for writer in writers)
            found, cursor = reader.since(cursor)
            seen += found
    assert [writer.returncode for writer in writers] == [0, 0]
    assert {name: by_writer(seen)[name] for name in "ab"} == {name: [float(n) for n in range(1000)] for name in "ab"}


def test_what_is_forgotten_is_forgotten_by_all(another: Callable[[], EventTable]) -> None:
    first, second = another(), another()
    first.record(event("first", 1))
    second.record(event("second", 2))
    assert [each.issuer for each in first.since()[0]] == ["first", "second"]
    second.clear()
    assert first.since()[0] == []


def test_a_worker_that_comes_later_forgets_nothing_and_the_next_run_begins_empty(
    tmp_path: Path, another: Callable[[], EventTable]
) -> None:
    another().record(event("first", 1))
    assert another().since()[0] == [event("first", 1)]
    with closing(table(tmp_path / "events.db", "another run")) as later:
        assert later.since()[0] == []
    assert another().since()[0] == []


def test_a_cursor_of_an_earlier_run_is_before_all_of_the_next(tmp_path: Path, log: EventLog) -> None:
    """Whoever follows events misses none when devidp starts again, also with nothing of what it had."""
    for number in range(3):
        log.record(event("earlier", number))
    cursor = log.since()[1]
    with closing(MemoryEventLog() if isinstance(log, MemoryEventLog) else table(tmp_path / "fresh.db")) as later:
        later.record(event("later", 1))
        assert later.since(cursor)[0] == [event("later", 1)]


def test_what_was_asked_is_read_as_it_was_recorded(log: EventLog) -> None:
    recorded = Event(
        "token", "default", 200, 1.0, asked={"resource": "http://localhost:8000/mcp", "user_agent": "zoë\x00"}
    )
    log.record(recorded)
    assert log.since()[0] == [recorded]


def test_a_table_of_an_earlier_version_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    with closing(open_database(path, EVENTS[:1], durable=False)) as before, before.transaction() as transaction:
        transaction.execute("INSERT INTO events (run, event) VALUES ('run', '[]')")
    with closing(table(path)) as log:
        log.record(event("new", 1))
        assert log.since()[0] == [event("new", 1)]
