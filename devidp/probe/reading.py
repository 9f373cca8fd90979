"""As much of an answer as came, whichever way it comes."""

from __future__ import annotations

from devidp.probe import stream
from devidp.probe.exchange import Answer, Headers, Problem, Request
from devidp.system.clock import stopwatch

MAX_BYTES = 256 * 1024
"""Of an answer; what is longer is taken to be endless."""
PIECE = 16 * 1024
"""What came in pieces of this size and is not over in time is endless, and not slow."""


class Reading:
    """The answer to ``request``, from now on."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._began = stopwatch()
        self._status: int | None = None
        self._headers: Headers = ()
        self._body = b""
        self._of_events = False
        self.problem: Problem = ""

    def begin(self, status: int, headers: Headers) -> None:
        self._status, self._headers = status, headers
        self._of_events = stream.is_stream(Answer(status, headers).media_type)

    def take(self, piece: bytes) -> bool:
        """Whether more is wanted."""
        self._body += piece
        if len(self._body) > MAX_BYTES:
            self.problem = "endless"
        # the stream may go on for whatever comes next
        return not self.problem and not (self._of_events and stream.has_answer(self._body))

    def late(self) -> None:
        """The time is over."""
        self.problem = "endless" if len(self._body) > PIECE else "timeout"

    def answer(self) -> Answer:
        seconds = stopwatch() - self._began
        return Answer(self._status, self._headers, self._body, seconds, self.problem, self._request)
