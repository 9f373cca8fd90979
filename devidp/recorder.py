"""What happened: one event a request, kept in a ring buffer and written to the log as one line.

Owns the form of the line. Events hold no token, code or secret, so neither does the log.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from devidp.config import LogFormat
from devidp.oauth.errors import printable
from devidp.records import Event

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


class Recorder:
    """Keeps the last events and logs each."""

    def __init__(self, log_format: LogFormat = "text") -> None:
        self._render = as_json if log_format == "json" else as_text
        self.events: deque[Event] = deque(maxlen=KEPT_EVENTS)

    def record(self, event: Event) -> None:
        self.events.append(event)
        level = logging.WARNING if event.error else logging.INFO
        if logger.isEnabledFor(level):
            logger.log(level, "%s", self._render(event))


def as_text(event: Event) -> str:
    """``12:00:01 200 default/token client=web user=alice grant=… scope="…"``, and for a refusal why and what to do."""
    # what a client sent may hold line breaks or terminal escapes: a log line stays one line
    facts = [f"{name}={_value(getattr(event, name))}" for name in _FACTS if getattr(event, name)]
    at = datetime.fromtimestamp(event.at, UTC).astimezone().strftime("%H:%M:%S")
    line = " ".join([at, str(event.status), f"{printable(event.issuer)}/{event.endpoint}", *facts])
    if not event.error:
        return f"{line} {printable(event.outcome)}".rstrip()
    remedy = f" >> {printable(event.remedy)}" if event.remedy else ""
    return f"{line} REFUSED {event.error}: {printable(event.reason)}{remedy}"


def as_json(event: Event) -> str:
    """The event as one JSON object without its empty members."""
    return json.dumps({name: value for name, value in asdict(event).items() if value != ""})


def _value(text: str) -> str:
    safe = printable(text)
    return f'"{safe}"' if " " in safe else safe
