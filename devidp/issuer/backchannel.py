"""Logout tokens on their way to clients: posted in the background, and again where a client does not answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from devidp.models import Event
from devidp.oauth.errors import Problem, quoted
from devidp.system import fetch
from devidp.system.clock import Clock
from devidp.system.event_log import EventLog
from devidp.system.fetch import FetchError, Reach

PAUSES = (0.5, 2.0, 5.0)
"""Seconds before each further attempt."""
MAX_THREADS = 8
"""How many clients are notified at the same time."""
ACCEPTED = (200, 204)
"""A client is to answer 200; some frameworks make 204 of an empty answer (Back-Channel Logout section 2.8)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A logout token, and where it goes. ``issuer`` is the name of the issuer, for the log."""

    issuer: str
    client_id: str
    username: str
    url: str
    token: str = field(repr=False)
    reach: Reach


class NotAccepted(Problem):
    """The client did not accept the token; ``final`` where it said so itself."""

    def __init__(self, reason: str, remedy: str, status: int = 0, *, final: bool = False) -> None:
        super().__init__(reason, remedy)
        self.status = status
        self.final = final


class Courier:
    """Delivers notices on its own threads; each attempt is an event. What is not delivered by the end is dropped."""

    def __init__(self, event_log: EventLog, clock: Clock) -> None:
        self._event_log = event_log
        self._clock = clock
        self._closing = threading.Event()
        self._threads = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="devidp-backchannel")

    def send(self, notice: Notice) -> None:
        """Return at once; the notice is delivered in the background."""
        self._threads.submit(self._deliver, notice)

    def close(self) -> None:
        self._closing.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, notice: Notice) -> None:
        for pause in (*PAUSES, None):
            try:
                status = _post(notice)
            except NotAccepted as problem:
                last = pause is None or problem.final
                self._report(notice, problem, "given up" if last else f"trying again in {pause:g} s")
                if last or self._closing.wait(pause):
                    return
            else:
                event = self._event(notice, status)
                self._event_log.record(event._replace(outcome="the client was told of the logout"))
                return

    def _report(self, notice: Notice, problem: NotAccepted, next_step: str) -> None:
        event = self._event(notice, problem.status)
        self._event_log.record(
            event._replace(
                error="logout_not_delivered",
                reason=problem.reason,
                remedy=problem.remedy,
                detail=next_step,
            )
        )

    def _event(self, notice: Notice, status: int) -> Event:
        return Event(
            endpoint="backchannel-logout",
            issuer=notice.issuer,
            status=status,
            at=self._clock.now(),
            client=notice.client_id,
            user=notice.username,
        )


def _post(notice: Notice) -> int:
    """The status that the client answers with; raises NotAccepted (Back-Channel Logout section 2.5, 2.8)."""
    try:
        reply = fetch.post_form(notice.url, {"logout_token": notice.token}, notice.reach)
    except FetchError as error:
        raise NotAccepted(error.reason, error.remedy) from error
    if reply.status in ACCEPTED:
        return reply.status
    raise NotAccepted(
        f"{quoted(notice.url)} answers a logout token with status {reply.status}",
        "Look at the log of the client; 400 means that it found the token wrong",
        reply.status,
        final=400 <= reply.status < 500,
    )
