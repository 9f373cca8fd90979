"""Transactions: whole or not at all, one after the other, in memory and on disk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from devidp.store import Database, StoreError, open_database, postgres, postgres_connection, sqlite
from devidp.store.postgres import PostgreSQL
from devidp.store.sqlite import SQLite
from tests.postgres import Server

DEFECTS = (*sqlite.DEFECTS, *postgres.DEFECTS)

COUNT = "SELECT count(*) FROM revocations"
INSERT = "INSERT INTO revocations (issuer, id, purge_at) VALUES ('i', ?, 0)"


def count(database: Database) -> int:
    row = database.row(COUNT)
    assert row is not None
    return int(row[0])


def insert(database: Database, *ids: str) -> None:
    with database.transaction() as transaction:
        for each in ids:
            transaction.execute(INSERT, (each,))


def in_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(DEFECTS):
        insert(database, "a", "b", "a")
    assert count(database) == 0


def test_after_a_failed_transaction_the_next_one_works(database: Database) -> None:
    with pytest.raises(DEFECTS):
        insert(database, "a", "a")
    insert(database, "a")
    assert count(database) == 1


def test_a_write_is_seen_by_the_next_statement_and_there_at_the_end(database: Database) -> None:
    with database.transaction() as transaction:
        database.write(INSERT, ("a % of ?",))
        database.write(INSERT, ("100 %s",))
        assert transaction.row(COUNT) == (2,)
        database.write(INSERT, ("b",))
    assert database.rows("SELECT id FROM revocations ORDER BY id") == [("100 %s",), ("a % of ?",), ("b",)]


def write_each(database: Database, *ids: str) -> None:
    with database.transaction():
        for each in ids:
            database.write(INSERT, (each,))
        assert "end" not in ids, "not committed"


def test_a_write_that_fails_takes_the_whole_transaction_with_it(database: Database) -> None:
    with pytest.raises(DEFECTS):
        write_each(database, "a", "a")
    with pytest.raises(AssertionError, match="not committed"):
        write_each(database, "a", "end")
    assert count(database) == 0


def test_a_commit_that_fails_leaves_nothing_open(database: Database) -> None:
    with database.transaction() as transaction:
        transaction.execute("CREATE TABLE parent (id TEXT PRIMARY KEY)")
        transaction.execute("CREATE TABLE child (id TEXT REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(DEFECTS), database.transaction() as transaction:
        transaction.execute("INSERT INTO child VALUES ('nobody')")
    insert(database, "a")
    assert count(database) == 1


def test_a_transaction_inside_another_is_a_part_of_it(database: SQLite) -> None:
    def insert_and_fail() -> None:
        with database.transaction():
            insert(database, "a")
            assert count(database) == 1, "its own thread sees what is not committed"
            raise KeyError

    with pytest.raises(KeyError):
        insert_and_fail()
    assert count(database) == 0


def test_many_threads_write_without_losing_a_row(database: SQLite) -> None:
    def write(writer: int) -> None:
        for number in range(20):
            insert(database, f"{writer}-{number}")
            assert count(database) > 0

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database) == 160


def test_two_databases_on_one_file_see_each_other(tmp_path: Path) -> None:
    database, other = open_database(tmp_path / "devidp.db"), SQLite(tmp_path / "devidp.db")
    insert(other, "a")
    assert count(database) == 1
    other.close()
    database.close()


def test_two_replicas_see_each_other_and_migrate_once(postgres_server: Server) -> None:
    url = postgres_server.new_database()
    opened: list[PostgreSQL] = []
    for thread in [in_thread(lambda: opened.append(postgres.open_database(url))) for _ in range(4)]:
        thread.join()
    insert(opened[0], "a")
    assert [count(each) for each in opened] == [1] * 4
    for each in opened:
        each.close()


def test_readers_do_not_wait_for_a_waiting_writer(tmp_path: Path) -> None:
    with (
        closing(open_database(tmp_path / "devidp.db")) as database,
        closing(sqlite3.connect(tmp_path / "devidp.db", isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        writer = in_thread(lambda: insert(database, "a"))
        assert [count(database) for _ in range(100)] == [0] * 100
        assert writer.is_alive()
        other.execute("ROLLBACK")
        writer.join()
        assert count(database) == 1


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(postgres_connection, "WAIT_SECONDS", 0.5)


@pytest.mark.usefixtures("impatient")
def test_a_write_waits_for_another_but_not_for_ever(database: Database) -> None:
    writing, done = threading.Event(), threading.Event()

    def write() -> None:
        with database.transaction() as transaction:
            transaction.execute(INSERT, ("first",))
            writing.set()
            done.wait(60)

    writer = in_thread(write)
    assert writing.wait(60)
    with pytest.raises(StoreError, match=r"cannot be used: .*lock"):
        insert(database, "a")
    done.set()
    writer.join()
    insert(database, "a")


def test_threads_that_come_and_go_leave_no_connection_behind(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "devidp.db")) as database:
        for _ in range(50):
            in_thread(lambda: count(database)).join()
        files = [file.path for file in psutil.Process().open_files()]
        assert files.count(str(tmp_path / "devidp.db")) == 1


def test_a_database_that_was_deleted_is_not_made_anew(tmp_path: Path) -> None:
    path, away = tmp_path / "devidp.db", tmp_path / "away.db"
    with closing(open_database(path)) as database:
        insert(database, "a")
        found: list[object] = []

        def read() -> None:
            try:
                found.append(count(database))
            except StoreError as error:
                found.append(str(error))

        with database.transaction():  # it has the only connection: another thread needs one of its own
            path.rename(away)
            in_thread(read).join()
            assert not path.exists()
            path.touch()
            in_thread(read).join()
            away.rename(path)
            in_thread(read).join()
        assert count(database) == 1
    gone = f"The database {path} cannot be used: it was deleted or replaced while devidp runs. Put it back, or"
    assert [str(each)[: len(gone)] for each in found] == [gone, gone, "1"]


@pytest.mark.parametrize("path", [None, Path("devidp.db")])
def test_a_database_that_was_closed_says_so(tmp_path: Path, path: Path | None) -> None:
    database = open_database(path and tmp_path / path)
    database.close()
    with pytest.raises(StoreError, match="this devidp was stopped"):
        count(database)
    with pytest.raises(StoreError, match="this devidp was stopped"), database.transaction():
        pass


def test_a_missing_folder_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be used: .*--data folder, or with --memory"):
        open_database(tmp_path / "missing" / "devidp.db")
