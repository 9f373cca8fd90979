"""Opening a database: new, of this version, of a newer one, and damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from devidp.store import Database, StoreError, steps
from devidp.store.schema import migrate
from devidp.store.steps import STEPS

TABLES = {
    "authorization_codes", "refresh_tokens", "sessions", "revocations", "used_ids", "device_codes", "logins",
    "consents", "controls", "clients", "pushed_requests", "opaque_tokens", "amendments",
    "granted_scopes", "failed_logins", "lifetimes",
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "devidp.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database(path)
    yield opened
    opened.close()


def test_a_new_database_gets_the_tables_and_the_version(database: Database, path: Path) -> None:
    migrate(database)
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        assert {name for (name,) in names} == TABLES
        assert connection.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def shape(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """The columns of every table and of every index."""
    names = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
    pragmas = {"table": "table_xinfo", "index": "index_xinfo"}
    return {name: connection.execute(f'PRAGMA {pragmas[kind]}("{name}")').fetchall() for kind, name in names}


def test_a_new_database_has_what_every_step_together_makes(database: Database) -> None:
    """`make derived` writes anew what a new one gets."""
    migrate(database)
    with closing(sqlite3.connect(":memory:")) as connection:
        steps.run(connection, 0)
        assert shape(database.connection) == shape(connection)


def test_opening_it_again_changes_nothing(database: Database, path: Path) -> None:
    migrate(database)
    with database.transaction() as connection:
        connection.execute("INSERT INTO revocations (issuer, id, purge_at) VALUES ('i', 'a', 0)")
    migrate(database)
    assert database.row("SELECT count(*) FROM revocations", ()) == (1,)


def test_a_database_of_a_newer_devidp_is_refused(database: Database, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match=rf"is of a newer devidp \(schema 999, this one knows {len(STEPS)}\). Upgrade"):
        migrate(database)


def test_a_file_that_is_no_database_is_refused(database: Database, path: Path) -> None:
    path.write_bytes(b"This is not a database, but it is long enough to be taken for one." * 100)
    with pytest.raises(StoreError, match=r"cannot be used: file is not a database\. Move it away"):
        migrate(database)


def test_a_database_that_is_cut_off_is_refused(path: Path) -> None:
    first = Database(path)
    migrate(first)
    first.close()
    path.write_bytes(path.read_bytes()[:5000])
    again = Database(path)
    with pytest.raises(StoreError, match="Move it away to start with an empty one"):
        migrate(again)
    again.close()


def test_an_upgrade_that_fails_leaves_the_old_schema_whole(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(db: object) -> None:
        raise KeyboardInterrupt

    older = STEPS[:1]
    monkeypatch.setattr(steps, "STEPS", older)
    steps.run(database.connection, 0)
    database.connection.execute(f"PRAGMA user_version = {len(older)}")
    tables = shape(database.connection)
    monkeypatch.setattr(steps, "STEPS", (*STEPS[:-1], broken))
    with pytest.raises(KeyboardInterrupt):
        migrate(database)
    assert shape(database.connection) == tables
    monkeypatch.undo()
    migrate(database)
    assert database.row("PRAGMA user_version", ()) == (len(STEPS),)
