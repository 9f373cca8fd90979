"""Events of several workers: a table of a database of its own, so that no event waits for the disk."""

from __future__ import annotations

import json
from contextlib import suppress

from devidp.models import Event
from devidp.models.config import LogFormat
from devidp.store.database import Database, StoreError
from devidp.system.clock import pause, stopwatch
from devidp.system.event_log import KEPT_EVENTS, EventFile, EventLog

DELETED_AT_ONCE = 1_000
LOOK_SECONDS = 0.05


class EventTable(EventLog):
    """What every worker of ``run`` records; cursors are the ids of rows."""

    def __init__(
        self, database: Database, run: str, log_format: LogFormat = "text", file: EventFile | None = None
    ) -> None:
        super().__init__(log_format, file)
        self._database = database
        self._run = run
        with database.transaction() as transaction:
            transaction.execute("DELETE FROM events WHERE run <> ?", (run,))

    def _keep(self, event: Event) -> None:
        # a response matters more than its event, and the log has the event too
        with suppress(StoreError), self._database.transaction() as transaction:
            row = transaction.row(
                "INSERT INTO events (run, event) VALUES (?, ?) RETURNING id", (self._run, json.dumps(event))
            )
            if row and row[0] % DELETED_AT_ONCE == 0:
                transaction.execute("DELETE FROM events WHERE id <= ?", (row[0] - KEPT_EVENTS,))

    def since(self, cursor: int = 0) -> tuple[list[Event], int]:
        newest = self._newest()
        rows = self._database.rows(
            "SELECT id, event FROM events WHERE run = ? AND id > ? AND id > ? ORDER BY id",
            (self._run, cursor if cursor <= newest else 0, newest - KEPT_EVENTS),
        )
        return [Event(*json.loads(event)) for _, event in rows], rows[-1][0] if rows else newest

    def _newest(self) -> int:
        row = self._database.row("SELECT max(id) FROM events")
        return int(row[0] or 0) if row else 0

    def wait_beyond(self, cursor: int, timeout: float) -> None:
        ends_at = stopwatch() + timeout
        while self._newest() <= cursor and (left := ends_at - stopwatch()) > 0:
            pause(min(LOOK_SECONDS, left))

    def clear(self) -> None:
        with self._database.transaction() as transaction:
            transaction.execute("DELETE FROM events WHERE run = ?", (self._run,))

    def close(self) -> None:
        super().close()
        self._database.close()
