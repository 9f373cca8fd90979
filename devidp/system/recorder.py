"""What happened: one event a request, kept in a ring buffer and written to the log as one line.

Owns the form of the line. Events hold no token, code or secret, so neither does the log.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, TextIO

from devidp.event_ring import EventRing
from devidp.models import Event
from devidp.models.config import LogFormat
from devidp.oauth.errors import printable
from devidp.system.event_file import EventFile

logger = logging.getLogger("devidp")
KEPT_EVENTS = 10_000
_FACTS = ("client", "user", "grant", "scope", "detail")


@dataclass(slots=True)
class Facts:
    """What is learned of a request while it is served; becomes part of its event."""

    client: str = ""
    user: str = ""
    grant: str = ""
    scope: str = ""
    detail: str = ""
    outcome: str = ""
    flow: str = ""
    """The id that ties the requests of one authorization together; see ``Event.flow``."""
    state: str = ""
    """The ``state`` of the authorization request, by which scripted answers find theirs; not part of the event."""


class Recorder:
    """Keeps the last events and logs each; ``shared`` holds those of every worker, where there are several."""

    def __init__(
        self, log_format: LogFormat = "text", file: EventFile | None = None, shared: EventRing | None = None
    ) -> None:
        self._render = as_json if log_format == "json" else as_text
        self._file = file
        self._shared = shared
        self._changed = threading.Condition(threading.RLock())
        self._count = 0
        self._stream: TextIO | None = None
        self.events: deque[Event] = deque(maxlen=KEPT_EVENTS)

    def record(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._count += 1
            self._changed.notify_all()
        if self._shared is not None:
            self._shared.append(event)
        if self._file is not None:
            self._file.append(as_json(event))
        self._tell(event)

    def write_to(self, stream: TextIO) -> None:
        """Write lines there from now on, past ``logging``, whose records cost as much as the rest of an event."""
        self._stream = stream

    def _tell(self, event: Event) -> None:
        if self._stream is not None:
            try:
                self._stream.write(f"{self._render(event)}\n")
            except (OSError, ValueError):
                self._stream = None  # who read it has gone
            return
        level = logging.WARNING if event.error else logging.INFO
        if logger.isEnabledFor(level):
            logger.log(level, "%s", self._render(event))

    def since(self, cursor: int = 0) -> tuple[list[Event], int]:
        """The events after ``cursor``, oldest first, and the cursor after them; of every worker, where several share.

        A cursor of 0 is before the first event. Of more events than are kept, the newest are there.
        """
        if self._shared is not None:
            found, after = self._shared.read(cursor)
            return [Event(*each) for each in found], after
        with self._changed:
            # a cursor from before a reset or a restart counts events that are gone
            first = self._count - len(self.events)
            skipped = max(cursor - first, 0) if cursor <= self._count else 0
            return list(islice(self.events, skipped, None)), self._count

    def wait(self, wanted: Callable[[Event], bool], timeout: float) -> Event | None:
        """The first event of this process that is ``wanted``, old or new; ``None`` after ``timeout`` seconds."""
        cursor = 0

        def found() -> Event | None:
            nonlocal cursor
            events, cursor = self.since(cursor)
            return next(filter(wanted, events), None)

        with self._changed:
            return self._changed.wait_for(found, timeout)

    def wait_beyond(self, cursor: int, timeout: float) -> None:
        """Return when there is an event after ``cursor``, at the latest after ``timeout`` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._count > cursor, timeout)

    def clear(self) -> None:
        """Forget every event, also those of other workers; cursors stay valid."""
        with self._changed:
            self.events.clear()
        if self._shared is not None:
            self._shared.clear()

    def close(self) -> None:
        for file in (self._file, self._shared):
            if file is not None:
                file.close()


def as_text(event: Event) -> str:
    """``12:00:01 200 default/token client=web user=alice grant=… scope="…"``, and for a refusal why and what to do."""
    return _line((*event[:3], int(event.at), *event[4:14]))


@lru_cache(maxsize=256)
def _line(shown: tuple[Any, ...]) -> str:
    """Events that differ in nothing that is shown share a line, as those of a load test do."""
    event = Event(*shown)
    # what a client sent may hold line breaks or terminal escapes: a log line stays one line
    facts = [f"{name}={_value(getattr(event, name))}" for name in _FACTS if getattr(event, name)]
    line = " ".join(
        [_time_of_day(int(event.at)), str(event.status), f"{printable(event.issuer)}/{event.endpoint}", *facts]
    )
    if not event.error:
        return f"{line} {printable(event.outcome)}".rstrip()
    remedy = f" >> {printable(event.remedy)}" if event.remedy else ""
    return f"{line} REFUSED {event.error}: {printable(event.reason)}{remedy}"


@lru_cache(maxsize=4)
def _time_of_day(second: int) -> str:
    """Here, where it is read; the events of one second share it."""
    return datetime.fromtimestamp(second, UTC).astimezone().strftime("%H:%M:%S")


def as_json(event: Event) -> str:
    """The event as one JSON object without its empty members."""
    return json.dumps({name: value for name, value in event._asdict().items() if value != ""})


def _value(text: str) -> str:
    safe = printable(text)
    return f'"{safe}"' if " " in safe else safe
