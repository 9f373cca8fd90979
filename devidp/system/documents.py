"""JSON documents of other servers, kept for as long as their headers allow."""

from __future__ import annotations

import re
import threading
from typing import Any, NamedTuple

from devidp.oauth import ijson
from devidp.oauth.errors import quoted
from devidp.system import fetch
from devidp.system.clock import Clock
from devidp.system.fetch import FetchError, Reach, Reply

DEFAULT_SECONDS = 300
MAX_SECONDS = 86400
FLOOR_SECONDS = 10
"""A document is not fetched again sooner than this because something was not found in it."""
MAX_ENTRIES = 256

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})")
_JSON_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;|\Z)", re.IGNORECASE)


class _Entry(NamedTuple):
    value: Any
    fetched_at: float
    until: float


class Documents:
    """Fetches JSON and remembers it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[tuple[str, Reach], _Entry] = {}
        self._lock = threading.Lock()

    def get(self, url: str, reach: Reach, *, again: bool = False) -> Any:
        """The JSON value at ``url``; raises FetchError. ``again``: what is kept was not enough."""
        now = self._clock.now()
        kept = self._entries.get((url, reach))
        if kept is not None and kept.fetched_at <= now < (kept.fetched_at + FLOOR_SECONDS if again else kept.until):
            return kept.value
        reply = fetch.get(url, reach)
        value = parse(url, reply)
        with self._lock:
            self._entries.pop((url, reach), None)
            if len(self._entries) >= MAX_ENTRIES:
                del self._entries[next(iter(self._entries))]
            self._entries[url, reach] = _Entry(value, now, now + freshness(reply))
        return value


def parse(url: str, reply: Reply) -> Any:
    """The JSON value of ``reply``; raises FetchError for any other answer."""
    if 300 <= reply.status < 400:
        target = reply.headers.get("location", "")
        raise FetchError(f"{quoted(url)} redirects to {quoted(target)}", "Name the address itself: none is followed")
    if reply.status != 200:
        raise FetchError(f"{quoted(url)} answers with status {reply.status}", "Look at the log of that server")
    if not _JSON_TYPE.match(content_type := reply.headers.get("content-type", "")):
        raise FetchError(f"{quoted(url)} answers with {quoted(content_type)}", "Serve it as application/json")
    try:
        return ijson.parse(reply.body)
    except (ValueError, RecursionError):
        raise FetchError(f"{quoted(url)} does not answer with JSON", "Look at what that server sends") from None


def freshness(reply: Reply) -> int:
    """Seconds for which ``reply`` may be kept (RFC 9111 section 5.2.2)."""
    directives = reply.headers.get("cache-control", "").lower()
    if "no-store" in directives or "no-cache" in directives:
        return 0
    found = _MAX_AGE.search(directives)
    return min(int(found.group(1)), MAX_SECONDS) if found else DEFAULT_SECONDS
