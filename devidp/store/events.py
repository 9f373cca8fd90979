"""Events of several workers: a table of a database of its own, so that no event waits for the disk."""

from __future__ import annotations

import json
from contextlib import suppress

from devidp.models import Event
from devidp.models.config import LogFormat
from devidp.store.database import Database, StoreError
from devidp.system.clock import Clock, pause, stopwatch
from devidp.system.event_log import KEPT_EVENTS, EventFile, EventLog

DELETED_AT_ONCE = 1_000
LOOK_SECONDS = 0.05
_FORGOTTEN = "UPDATE events SET run = '', event = '' WHERE id = (SELECT max(id) FROM events)"
"""The newest event is not to be seen any more; its row stays."""


class EventTable(EventLog):
    """What every worker of ``run`` records; cursors are the ids of rows."""

    def __init__(
        self,
        database: Database,
        run: str,
        log_format: LogFormat = "text",
        file: EventFile | None = None,
        dashboard: str = "",
    ) -> None:
        super().__init__(log_format, file, dashboard)
        self._database = database
        self._run = run
        clock = Clock()
        with database.transaction() as transaction:
            # the row with the highest id stays, so that no id is given twice; that of a new table is before every event
            transaction.execute(_FORGOTTEN + " AND run <> ?", (run,))
            transaction.execute("DELETE FROM events WHERE run <> ? AND id < (SELECT max(id) FROM events)", (run,))
            transaction.execute(
                "INSERT INTO events (id, run, event) SELECT ?, '', '' WHERE NOT EXISTS (SELECT 1 FROM events)",
                (int(clock.now() * 1_000_000),),
            )
            row = transaction.row("SELECT min(id) FROM events")
        self._start = int(row[0]) if row else 0

    def _keep(self, event: Event) -> None:
        # a response matters more than its event, and the log has the event too
        with suppress(StoreError):
            number = self._database.insert(
                "INSERT INTO events (run, event) VALUES (?, ?)", (self._run, json.dumps(event))
            )
            if number % DELETED_AT_ONCE == 0:
                self._delete(number - KEPT_EVENTS)

    def _delete(self, last: int) -> None:
        self._database.execute("DELETE FROM events WHERE id <= ?", (last,))

    def since(self, cursor: int = 0) -> tuple[list[Event], int]:
        newest = self._newest()
        rows = self._database.rows(
            "SELECT id, event FROM events WHERE run = ? AND id > ? AND id > ? ORDER BY id",
            (self._run, cursor if cursor <= newest else 0, newest - KEPT_EVENTS),
        )
        return [_read(event) for _, event in rows], rows[-1][0] if rows else newest

    def _newest(self) -> int:
        row = self._database.row("SELECT max(id) FROM events")
        return int(row[0] or 0) if row else 0

    def wait_beyond(self, cursor: int, timeout: float) -> None:
        ends_at = stopwatch() + timeout
        while self._newest() <= max(cursor, self._start) and (left := ends_at - stopwatch()) > 0:
            pause(min(LOOK_SECONDS, left))

    def clear(self) -> None:
        with self._database.transaction() as transaction:
            transaction.execute(_FORGOTTEN)
            transaction.execute("DELETE FROM events WHERE run = ?", (self._run,))

    def close(self) -> None:
        super().close()
        self._database.close()


def _read(text: str) -> Event:
    event = Event(*json.loads(text))
    return event._replace(expected=tuple(event.expected))  # JSON knows no tuples
