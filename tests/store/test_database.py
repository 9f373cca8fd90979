"""Transactions: whole or not at all, one after the other, in memory and on disk."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from devidp.store import Database, StoreError

COUNT = "SELECT count(*) FROM revocations"
INSERT = "INSERT INTO revocations (issuer, id, purge_at) VALUES ('i', ?, 0)"


def count(database: Database) -> int:
    row = database.row(COUNT, ())
    assert row is not None
    return int(row[0])


def insert(database: Database, *ids: str) -> None:
    with database.transaction() as connection:
        for each in ids:
            connection.execute(INSERT, (each,))


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        insert(database, "a", "b", "a")
    assert count(database) == 0


def test_after_a_failed_transaction_the_next_one_works(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        insert(database, "a", "a")
    insert(database, "a")
    assert count(database) == 1


def test_a_commit_that_fails_leaves_nothing_open(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute("CREATE TABLE child (id REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)")
        connection.execute("CREATE TABLE parent (id PRIMARY KEY)")
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as connection:
        connection.execute("INSERT INTO child VALUES ('nobody')")
    insert(database, "a")
    assert count(database) == 1


def test_many_threads_write_without_losing_a_row(database: Database) -> None:
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


def test_two_databases_on_one_file_see_each_other(database: Database) -> None:
    other = database if database.path is None else Database(database.path)
    insert(other, "a")
    assert count(database) == 1
    other.close()


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be used: .*--data folder, or with --memory"):
        Database(tmp_path / "missing" / "devidp.db").row("SELECT 1", ())
