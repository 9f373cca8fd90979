"""Delivery of logout tokens to clients: posted in the background, and retried where a client does not answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from devidp.models import Event
from devidp.oauth.errors import Problem, quoted
from devidp.oauth.identifiers import new_event
from devidp.system import fetch
from devidp.system.clock import Clock
from devidp.system.event_log import EventLog
from devidp.system.fetch import FetchError, Reach

PAUSES = (0.5, 2.0, 5.0)
"""Seconds before each further attempt."""
MAX_THREADS = 8
"""How many clients are notified at the same time."""
ACCEPTED = (200, 204)
"""A client should answer 200; some frameworks turn an empty answer into 204 (Back-Channel Logout section 2.8)."""


@dataclass(frozen=True, slots=True)
class LogoutNotice:
    """A logout token and its destination. ``issuer`` is the name of the issuer, for the log."""

    issuer: str
    client_id: str
    username: str
    url: str
    token: str = field(repr=False)
    reach: Reach


class LogoutNotifier:
    """Delivers notices on its own threads; each attempt is an event. What is undelivered at the end is dropped."""

    def __init__(self, event_log: EventLog, clock: Clock) -> None:
        self._event_log = event_log
        self._clock = clock
        self._closing = threading.Event()
        self._threads = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="devidp-backchannel")

    def send(self, notice: LogoutNotice) -> None:
        """Return at once; the notice is delivered in the background."""
        self._threads.submit(self._deliver, notice)

    def close(self) -> None:
        self._closing.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, notice: LogoutNotice) -> None:
        for pause in (*PAUSES, None):
            status, problem = _post(notice)
            if problem is None:
                self._record(notice, status, outcome="the client was notified of the logout")
                return
            last = pause is None or 400 <= status < 500
            detail = "given up" if last else f"trying again in {pause:g} s"
            error = {"error": "logout_not_delivered", "reason": problem.reason, "remedy": problem.remedy}
            self._record(notice, status, detail=detail, **error)
            if last or self._closing.wait(pause):
                return

    def _record(self, notice: LogoutNotice, status: int, **members: Any) -> None:
        now, client, user = self._clock.now(), notice.client_id, notice.username
        event = Event("backchannel-logout", notice.issuer, status, now, client, user)
        self._event_log.record(event._replace(id=new_event(), **members))


def _post(notice: LogoutNotice) -> tuple[int, Problem | None]:
    """The client's status, 0 for no answer, and why it did not accept the token (Back-Channel Logout section 2.8)."""
    try:
        status = fetch.post_form(notice.url, {"logout_token": notice.token}, notice.reach).status
    except FetchError as error:
        return 0, error
    if status in ACCEPTED:
        return status, None
    reason = f"{quoted(notice.url)} answers a logout token with status {status}"
    return status, Problem(reason, "Look at the log of the client; 400 means that it rejects the token")
