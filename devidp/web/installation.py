"""What one devidp keeps, opened: in a data folder, in memory, or in a database that replicas share."""

from __future__ import annotations

import hmac
import secrets
from contextlib import ExitStack, closing
from pathlib import Path
from pkgutil import resolve_name

from devidp.models.config import Config
from devidp.store import Database, open_database
from devidp.store.events import EventTable
from devidp.store.generation import Generation
from devidp.store.migrations import EVENTS
from devidp.store.overrides import Overrides
from devidp.store.sealed import FOLDER, REPLICAS, Sealed
from devidp.system import data_folder, files, replicas
from devidp.system.event_log import EventFile, EventLog, MemoryEventLog
from devidp.system.hosts import dashboard_url


class Installation:
    """The database, its secret and its events, and what is changed at run time."""

    def __init__(self, database: Database, secret: bytes, event_log: EventLog, run: str, *, shared: bool) -> None:
        """``run``: the start to which overrides belong; ``shared``: other replicas have the database open too."""
        self.database = database
        self.secret = secret
        self.event_log = event_log
        self.generation = Generation(database)
        self._another_secret = REPLICAS if shared else FOLDER
        self.overrides = Overrides(database, self.generation, run, self.sealed("overrides"))

    def sealed(self, purpose: str) -> Sealed:
        return Sealed(self.secret, purpose, self._another_secret)

    def derive(self, purpose: str) -> bytes:
        """A key that only this installation can compute."""
        return hmac.digest(self.secret, purpose.encode(), "sha256")


def open_installation(config: Config, opening: ExitStack) -> Installation:
    """That of ``config``; ``opening`` closes it. Raises StoreError, PrivateFileError."""
    if config.database is not None:
        return _replica(config.database, config, opening)
    if config.data_dir is not None:
        return _folder(config.data_dir, config, opening)
    secret = secrets.token_bytes(files.SECRET_BYTES)
    database = opening.enter_context(closing(open_database(None)))
    return Installation(database, secret, _events(config, None, config.run, opening), config.run, shared=False)


def _folder(folder: Path, config: Config, opening: ExitStack) -> Installation:
    group, run = config.data_group, config.run
    if config.owns_data:
        opening.enter_context(data_folder.owner(folder, config.public_url, group=group))
    with data_folder.exclusive(folder, group=group):
        path = files.private_file(folder / "devidp.db", group=group)
        secret = files.private_secret(folder / "secret", group=group)
        database = opening.enter_context(closing(open_database(path)))
        beside = None
        if config.workers > 1:
            beside = open_database(files.private_file(folder / "events.db", group=group), EVENTS, durable=False)
        events = _events(config, beside, run, opening)
    return Installation(database, secret, events, run, shared=False)


def _replica(url: str, config: Config, opening: ExitStack) -> Installation:
    """A database that other replicas have open too; this process keeps nothing that they need."""
    connect, run = resolve_name("devidp.store.postgres:open_database"), replicas.RUN
    replicas.expect_secret(url, config.secret)
    database = opening.enter_context(closing(connect(url)))
    beside = connect(url, EVENTS, durable=False, beside=database)
    events = _events(config, beside, run, opening)
    return Installation(database, (config.secret or "").encode(), events, run, shared=True)


def _events(config: Config, table: Database | None, run: str, opening: ExitStack) -> EventLog:
    """In ``table``, which several processes read, or in the memory of this one."""
    # the file is made last: who is refused anything leaves none
    file = EventFile(config.events_file) if config.events_file else None
    shown = config.log_format, file, dashboard_url(config) or ""
    log = MemoryEventLog(*shown) if table is None else EventTable(table, run, *shown)
    return opening.enter_context(closing(log))
