"""What happened: one event per request, kept for those who ask and written to the log as one line.

Owns the form of the line, and the log of one process; that of several is a table (``devidp.store.events``). Events
hold no token, code or secret, so neither does the log.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from devidp.models import Event
from devidp.models.config import LogFormat
from devidp.oauth import difference
from devidp.oauth.errors import printable
from devidp.oauth.identifiers import new_event
from devidp.oauth.parameters import Parameters
from devidp.system.clock import Clock, stopwatch, time_of_day
from devidp.system.files import PrivateFileError
from devidp.system.regular_files import open_regular

logger = logging.getLogger("devidp")
KEPT_EVENTS = 10_000
QUIET = {"health": logging.DEBUG}
"""Endpoints that are asked again and again: their events are no lines of the log."""
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
    token_audience: str = ""
    flow: str = ""
    """The id that ties the requests of one authorization together; see ``Event.flow``."""
    state: str = ""
    """The ``state`` of the authorization request, by which scripted answers find theirs; not part of the event."""
    auth_method: str = ""
    parameters: Parameters | None = None
    """Those that count, where they are not in the request itself; the event has what may be shown of them."""
    id: str = field(default_factory=new_event)
    """Of the event."""
    began: float = field(default_factory=stopwatch)
    """By the stopwatch, in seconds."""

    @property
    def took(self) -> float:
        """Milliseconds until now."""
        return round((stopwatch() - self.began) * 1000, 3)

    def add_faults(self, names: Sequence[str]) -> None:
        """The armed faults that the tokens of the answer have."""
        if names:
            said = f"fault {' and '.join(names)} as armed"
            self.detail = f"{self.detail}; {said}" if self.detail else said


class EventFile:
    """A file to which every process appends whole lines."""

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor = open_regular(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        except OSError as error:
            raise PrivateFileError(
                f"The events cannot be written to {path}: {error.strerror}. Name a file in a folder of yours"
            ) from error

    def append(self, line: str) -> None:
        try:
            # one write in append mode is one piece of the file, whoever else writes
            os.write(self._descriptor, f"{line}\n".encode())
        except OSError:
            return  # an answer is worth more than its event, and the log has the event too

    def close(self) -> None:
        os.close(self._descriptor)


class EventLog(ABC):
    """The newest ``KEPT_EVENTS`` events. A cursor is the place of an event; 0 is before the first."""

    def __init__(self, log_format: LogFormat = "text", file: EventFile | None = None, dashboard: str = "") -> None:
        """``dashboard`` is where whoever reads the log can see it; empty where nobody can."""
        self._render = as_json if log_format == "json" else partial(as_lines, dashboard=dashboard)
        self._file = file

    def record(self, event: Event) -> None:
        self._keep(event)
        if self._file is not None:
            self._file.append(as_json(event))
        level = logging.WARNING if event.error else QUIET.get(event.endpoint, logging.INFO)
        if logger.isEnabledFor(level):
            logger.log(level, self._render(event))

    @abstractmethod
    def _keep(self, event: Event) -> None: ...

    @abstractmethod
    def since(self, cursor: int = 0) -> tuple[list[Event], int]:
        """The events after ``cursor``, oldest first, and the cursor after them."""

    @abstractmethod
    def wait_beyond(self, cursor: int, timeout: float) -> None:
        """Return when there is an event after ``cursor``, at the latest after ``timeout`` seconds."""

    @abstractmethod
    def clear(self) -> None:
        """Forget every event; cursors stay valid."""

    def wait(self, wanted: Callable[[Event], bool], timeout: float) -> Event | None:
        """The first event that is ``wanted``, old or new; ``None`` after ``timeout`` seconds."""
        ends_at = stopwatch() + timeout
        cursor = 0
        while True:
            events, cursor = self.since(cursor)
            found = next(filter(wanted, events), None)
            left = ends_at - stopwatch()
            if found is not None or left <= 0:
                return found
            self.wait_beyond(cursor, left)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class MemoryEventLog(EventLog):
    """The events of one process."""

    def __init__(self, log_format: LogFormat = "text", file: EventFile | None = None, dashboard: str = "") -> None:
        super().__init__(log_format, file, dashboard)
        self._changed = threading.Condition()
        clock = Clock()
        # a cursor of an earlier process is before all that this one counts
        self._start = self._count = int(clock.now() * 1_000_000)
        self._events: deque[Event] = deque(maxlen=KEPT_EVENTS)

    def _keep(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._count += 1
            self._changed.notify_all()

    def since(self, cursor: int = 0) -> tuple[list[Event], int]:
        with self._changed:
            # a cursor from before a reset or a restart is before the first, and none is of the future
            first = self._count - len(self._events)
            skipped = max(cursor - first, 0) if cursor <= self._count else 0
            return list(islice(self._events, skipped, None)), self._count

    def wait_beyond(self, cursor: int, timeout: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._count > max(cursor, self._start), timeout)

    def clear(self) -> None:
        with self._changed:
            self._events.clear()


def as_text(event: Event, dashboard: str = "") -> str:
    """``12:00:01 200 default/token client=web user=alice grant=… scope="…"``, and for a refusal why and what to do.

    Where there is a ``dashboard``, a refusal ends with the address of its flow.
    """
    # what a client sent may hold line breaks or terminal escapes: a log line stays one line
    facts = [f"{name}={_value(value)}" for name in _FACTS if (value := getattr(event, name))]
    line = " ".join([time_of_day(event.at), str(event.status), _place(event), *facts])
    if not event.error:
        return f"{line} {printable(event.outcome)}".rstrip()
    remedy = f" >> {printable(event.remedy)}" if event.remedy else ""
    flow = f" >> {dashboard}flows/{event.id}" if dashboard and event.id else ""
    return f"{line} REFUSED {event.error}: {printable(event.reason)}{remedy}{flow}"


def as_lines(event: Event, dashboard: str = "") -> str:
    """``as_text``, and below it what came above what was expected, where a refusal has compared two that are alike."""
    return "\n".join((as_text(event, dashboard), *difference.lines(event.got, event.expected, alike=True)))


def _place(event: Event) -> str:
    if event.issuer:
        return f"{printable(event.issuer)}/{event.endpoint}"
    return printable(f"{event.endpoint} {event.asked.get('method', '')} {event.asked.get('path', '')}").rstrip()


def as_json(event: Event) -> str:
    """The event as one JSON object without its empty members."""
    return json.dumps({name: value for name, value in zip(event._fields, event, strict=True) if value or value == 0})


def _value(text: str) -> str:
    safe = printable(text)
    return f'"{safe}"' if " " in safe else safe
