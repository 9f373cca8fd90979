"""A PostgreSQL that is not as a replica needs it, or has it no longer: said in one sentence, with what to change."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress

import psycopg
import pytest

from devidp.app import create_app
from devidp.models.config import Config
from devidp.store import Database, Store, StoreError, postgres
from devidp.store.migrations import EVENTS, MIGRATIONS
from tests.engines import SECRET
from tests.flow import Flow
from tests.postgres import Server
from tests.shipped import PUBLIC_URL, shipped

NEW_TABLES = ("ALTER TABLE revocations ADD COLUMN note TEXT", "CREATE TABLE notes (id TEXT PRIMARY KEY)")
FEW = 4
"""Connections: of two pools, and two more."""


@pytest.fixture
def url(postgres_server: Server) -> str:
    """Of a database that no other test gets."""
    return postgres_server.new_database()


@pytest.fixture
def old(url: str) -> Iterator[Database]:
    """What a replica has that is not upgraded yet."""
    with closing(postgres.open_database(url)) as database:
        yield database


def upgrade(url: str, *statements: str) -> None:
    """As the first replica of a newer devidp does."""
    with closing(postgres.PostgreSQL(url)) as database:
        database.migrate("main", (*MIGRATIONS, *statements))


def test_a_database_of_a_newer_devidp_is_refused(url: str) -> None:
    upgrade(url, *NEW_TABLES)
    newer, known = len(MIGRATIONS) + len(NEW_TABLES), len(MIGRATIONS)
    with pytest.raises(
        StoreError, match=rf"written by a newer devidp \(schema {newer}, this one knows {known}\). Upgrade devidp"
    ):
        postgres.open_database(url)


def test_an_old_replica_goes_on_beside_a_newer_one_that_adds_tables(url: str, old: Database) -> None:
    store = Store(old, "default")
    for number in range(20):  # psycopg prepares what is said often
        assert store.is_good(f"{number}")
        store.revoke(f"{number}", 5)
    upgrade(url, *NEW_TABLES)
    store.revoke("after", 5)
    assert not store.is_good("after")
    assert not store.is_good("0")


@pytest.mark.parametrize(
    "statement", ["DROP TABLE revocations", "ALTER TABLE revocations RENAME COLUMN purge_at TO until"]
)
def test_an_old_replica_says_so_where_a_newer_one_took_its_tables(url: str, old: Database, statement: str) -> None:
    store = Store(old, "default")
    upgrade(url, statement)
    with pytest.raises(StoreError, match="A newer devidp has changed its tables: upgrade this replica too"):
        store.revoke("a", 5)


def test_a_user_without_the_right_to_create_tables(url: str, postgres_server: Server) -> None:
    postgres_server.execute("CREATE ROLE reader LOGIN")
    with pytest.raises(StoreError, match="permission denied for schema public"):
        postgres.open_database(url.replace("devidp@", "reader@"))


def test_a_server_that_takes_no_writes(url: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    with pytest.raises(StoreError, match="session is read-only"):
        postgres.open_database(url)


def test_another_encoding(postgres_server: Server) -> None:
    postgres_server.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match="has the encoding LATIN1, expected UTF8"):
        postgres.open_database(postgres_server.url("latin"), EVENTS)


def test_fewer_connections_than_a_replica_would_take(url: str, postgres_server: Server) -> None:
    name = url.rpartition("/")[2]
    postgres_server.execute(f"CREATE ROLE few LOGIN CONNECTION LIMIT {FEW}", f'ALTER DATABASE "{name}" OWNER TO few')
    few = url.replace("devidp@", "few@")
    app = create_app(Config(PUBLIC_URL, database=few, secret=SECRET), shipped())
    statuses: list[int] = []

    def ask() -> None:
        flow = Flow(app)
        statuses.extend(
            flow.token("service", grant_type="client_credentials", scope="mcp:read").status_code for _ in range(5)
        )

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 80
    with ExitStack() as others:
        with suppress(psycopg.OperationalError):
            for _ in range(FEW):
                others.enter_context(closing(psycopg.connect(few)))
        with pytest.raises(StoreError, match='too many connections for role "few"'):
            postgres.open_database(few)
    app.extensions["devidp"].close()
