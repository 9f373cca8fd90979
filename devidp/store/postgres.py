"""The PostgreSQL engine: one database for the replicas of a devidp, on whatever machines they are."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool, PoolTimeout

from devidp.store.database import Queries, Row, StoreError, Transaction
from devidp.store.migrations import MIGRATIONS
from devidp.store.postgres_connection import CONNECTING, Connection, Silence, check, configure, why_unreachable
from devidp.store.postgres_statements import Statements, locked, of_migration
from devidp.store.postgres_url import expect_url
from devidp.system import replicas

logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # what it warns of is in the log as errors of devidp

CONNECTIONS = 16
"""At most, of one process: as many as it has threads."""
START_SECONDS = 5.0
"""For the first connection."""
AWAY_SECONDS = 2.0
"""For another connection, where one is lost."""
UPGRADED = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)
"""What a replica sees whose tables a newer one has changed."""
DEFECTS = (psycopg.IntegrityError, psycopg.ProgrammingError, psycopg.DataError)
"""Errors of devidp and not of the database."""
REACH = "Check that it runs, that it can be reached, and its URL"
WRITING = "pg_advisory_xact_lock(5204417)"
"""The lock that every write holds until it is committed: one after the other, as with SQLite.

What two transactions read and then write can so not be interleaved.
"""
RECORDING = "pg_advisory_xact_lock(5204418)"
"""The lock of events, whose ids are so seen in their order; what they hold up is never a wait for the disk."""


def open_database(
    url: str, migrations: Iterable[str] = MIGRATIONS, *, durable: bool = True, beside: PostgreSQL | None = None
) -> PostgreSQL:
    """The database at ``url`` (``postgresql://…``, of several hosts too) with the newest tables; raises StoreError.

    Several replicas may do this at the same time. What is open ``beside`` is away when this one is, and the other way.
    """
    schema, lock = ("main", WRITING) if migrations is MIGRATIONS else ("events", RECORDING)
    database = PostgreSQL(url, lock, durable=durable, beside=beside)
    try:
        database.migrate(schema, tuple(migrations))
    except BaseException:
        database.close()
        raise
    return database


class PostgreSQL:
    """Implements ``Database``; each write takes ``lock`` first.

    Without ``durable`` a crash may take what was committed last, and no write waits for the disk.
    """

    def __init__(
        self, url: str, lock: str = WRITING, *, durable: bool = True, beside: PostgreSQL | None = None
    ) -> None:
        try:
            known = {**CONNECTING, **conninfo_to_dict(expect_url(url))}
        except ValueError as error:
            raise StoreError(f"The database: {error}") from None
        self._name = f"The database {replicas.shown(url)}"
        self._is_away = False
        self._together: list[PostgreSQL] = beside._together if beside else []
        self._losing = threading.Lock()
        self._local = threading.local()
        self._lock = lock
        self._durable = durable
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            connection_class=Connection,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=AWAY_SECONDS,
            reconnect_timeout=AWAY_SECONDS,  # then whoever asks next tries again, and not after a delay that doubles
            kwargs={**known, "autocommit": True},
            configure=self._configure,
            check=check,
            open=False,
        )
        try:
            self._pool.open(wait=True, timeout=START_SECONDS)
        except (psycopg.Error, PoolTimeout) as error:
            raise self._away(why_unreachable(known) or error) from error
        self._together.append(self)

    def _configure(self, connection: psycopg.Connection[Row]) -> None:
        configure(connection)
        if not self._durable:
            connection.execute("SET synchronous_commit = off")

    def migrate(self, schema: str, migrations: tuple[str, ...]) -> None:
        """Run those statements of ``schema`` that this database has not seen; raises StoreError."""
        with self.transaction() as transaction:
            transaction.rows(f"SELECT {WRITING}")  # the table of schemas is that of all
            self._expect_unicode(transaction)
            transaction.execute("CREATE TABLE IF NOT EXISTS schemas (name TEXT PRIMARY KEY, version INTEGER NOT NULL)")
            row = transaction.row("SELECT version FROM schemas WHERE name = ?", (schema,))
            version = 0 if row is None else int(row[0])
            if version > len(migrations):
                raise StoreError(
                    f"{self._name} was written by a newer devidp (schema {version}, this one knows {len(migrations)}). "
                    "Upgrade devidp, or choose another database"
                )
            for statement in migrations[version:]:
                transaction.execute(of_migration(statement))
            transaction.execute(
                "INSERT INTO schemas (name, version) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET version = excluded.version",
                (schema, len(migrations)),
            )

    def _expect_unicode(self, queries: Queries) -> None:
        if (row := queries.row("SHOW server_encoding")) != ("UTF8",):
            raise StoreError(
                f"{self._name} has the encoding {row and row[0]}, expected UTF8, which has every name. "
                "Make another one: CREATE DATABASE devidp ENCODING 'UTF8' TEMPLATE template0"
            )

    def row(self, sql: str, parameters: Row = ()) -> Row | None:
        with self._statements() as statements:
            return statements.row(sql, parameters)

    def rows(self, sql: str, parameters: Row = ()) -> list[Row]:
        with self._statements() as statements:
            return statements.rows(sql, parameters)

    def write(self, sql: str, parameters: Row = ()) -> None:
        if (current := self._current()) is not None:
            current.write(sql, parameters)
        else:
            self.execute(sql, parameters)

    def execute(self, sql: str, parameters: Row = ()) -> int:
        with self._statements(f"SELECT {self._lock}; ") as statements:
            return statements.execute(sql, parameters)

    def insert(self, sql: str, parameters: Row = ()) -> int:
        with self._statements() as statements:
            row = statements.row(locked(sql, self._lock), parameters)
        return 0 if row is None else int(row[0])

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._statements(f"BEGIN; SELECT {self._lock}; ", "COMMIT") as statements:
            before, self._local.transaction = self._current(), statements
            try:
                yield statements
            finally:
                self._local.transaction = before

    def _current(self) -> Statements | None:
        """The transaction in which this thread is."""
        found: Statements | None = getattr(self._local, "transaction", None)
        return found

    @contextmanager
    def _statements(self, before: str = "", after: str = "") -> Iterator[Statements]:
        """Those of the transaction in which this thread is, or of a connection, between ``before`` and ``after``."""
        if (current := self._current()) is not None:
            yield current
            return
        with self._connection() as connection:
            statements = Statements(connection, before)
            yield statements
            statements.end(after)

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Row]]:
        if self._is_away:
            raise self._away(PoolTimeout("it was away a moment ago"))
        try:
            with self._pool.connection() as connection:
                yield connection
                if connection.info.parameter_status("default_transaction_read_only") == "on":
                    # the server says so by itself: whoever has fenced it off has made another the primary
                    raise psycopg.errors.ReadOnlySqlTransaction("it takes no writes any more")
        except psycopg.errors.InsufficientPrivilege as error:
            remedy = "Make its user the owner of the database, or GRANT CREATE ON SCHEMA public"
            raise self._away(error, remedy) from error
        except UPGRADED as error:
            raise self._away(error, "A newer devidp has changed its tables: upgrade this replica too") from error
        except DEFECTS:
            raise
        except (PoolTimeout, Silence, psycopg.errors.ReadOnlySqlTransaction) as error:
            for each in self._together:
                each._lose()
            raise self._unusable(error) from error
        except psycopg.Error as error:
            raise self._unusable(error) from error

    def _lose(self) -> None:
        """Until the database is back, nobody else waits for it."""
        with self._losing:
            if self._is_away:
                return
            self._is_away = True
        self._pool.drain()  # what is true of one connection is true of all: the server was cut off, or demoted
        threading.Thread(target=self._await, name="devidp-database", daemon=True).start()

    def _await(self) -> None:
        while self._is_away and not self._pool.closed:
            with suppress(psycopg.Error), self._pool.connection():
                self._is_away = False

    def _unusable(self, error: Exception) -> StoreError:
        if self._pool.closed:
            return StoreError(f"{self._name} is closed: this devidp was stopped. Start another one")
        return self._away(error)

    def _away(self, error: Exception, remedy: str = REACH) -> StoreError:
        return StoreError(f"{self._name} cannot be used: {str(error).strip()}. {remedy}")

    def close(self) -> None:
        self._pool.close()
