"""Opening a database: new, of this version, of an older and of a newer one, and damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from devidp.store import Store, StoreError, open_database
from devidp.store.migrations import MIGRATIONS
from devidp.store.store import CLEARS, LASTING, clear

KEPT = {"signing_keys", "overrides", "generation", *LASTING}
"""Tables of what the issuers are, and not of what they gave, and of what may never count again."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "devidp.db"


def shape(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_new_database_has_every_table_and_the_version(path: Path) -> None:
    open_database(path).close()
    assert version(path) == len(MIGRATIONS)
    tables = {name for kind, name, _ in shape(path) if kind == "table"}
    assert tables == KEPT | {statement.split()[-1] for statement in CLEARS}


def test_opening_it_again_changes_nothing(path: Path) -> None:
    with closing(open_database(path)) as database:
        Store(database, "default").revoke("a", 5)
    before = shape(path)
    with closing(open_database(path)) as database:
        assert not Store(database, "default").is_good("a")
    assert shape(path) == before


def test_clearing_leaves_what_is_in_force(path: Path) -> None:
    with closing(open_database(path)) as database:
        store = Store(database, "default")
        store.revoke("a", 5)
        store.consents.add("web", "alice", ["openid"], 1)
        clear(database)
        assert not store.is_good("a")
        assert store.consents.find("web", "alice") == frozenset()


def test_a_database_of_a_newer_devidp_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")
    known = len(MIGRATIONS)
    with pytest.raises(
        StoreError, match=rf"was written by a newer devidp \(schema 999, this one knows {known}\). Upgrade"
    ):
        open_database(path)


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_bytes(b"This is not a database, but it is long enough to be taken for one." * 100)
    with pytest.raises(StoreError, match=r"cannot be used: file is not a database\. Move it away"):
        open_database(path)


def test_a_database_that_is_cut_off_is_refused(path: Path) -> None:
    open_database(path).close()
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError, match="Move it away to start with an empty one"):
        open_database(path)


ADDED = (*MIGRATIONS, "ALTER TABLE clients ADD COLUMN note TEXT", "CREATE TABLE notes (id TEXT PRIMARY KEY)")


def test_an_older_database_gets_what_is_new_and_keeps_what_it_has(path: Path) -> None:
    with closing(open_database(path)) as database:
        Store(database, "default").revoke("a", 5)
    with closing(open_database(path, ADDED)) as database:
        assert not Store(database, "default").is_good("a")
        assert database.rows("SELECT note FROM clients") == database.rows("SELECT id FROM notes") == []
    assert version(path) == len(ADDED)


def test_an_upgrade_that_fails_leaves_the_old_one_whole(path: Path) -> None:
    open_database(path).close()
    before = shape(path)
    with pytest.raises(StoreError, match="no such table: absent"):
        open_database(path, (*ADDED, "INSERT INTO absent VALUES (1)"))
    assert (shape(path), version(path)) == (before, len(MIGRATIONS))
    open_database(path, ADDED).close()
    assert version(path) == len(ADDED)


def test_a_damaged_database_is_not_upgraded(path: Path) -> None:
    with closing(open_database(path)) as database:
        for number in range(500):
            Store(database, "default").revoke(f"{number}", 5)
    content = bytearray(path.read_bytes())
    content[-3000:] = b"\xff" * 3000
    path.write_bytes(content)
    with pytest.raises(StoreError, match="Move it away to start with an empty one"):
        open_database(path, ADDED)
