"""A target over HTTP: a connection for each request, no redirects, no proxies, and an end to everything."""

from __future__ import annotations

from collections.abc import Collection
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from urllib.parse import urlsplit

from devidp.probe import stream
from devidp.probe.exchange import Answer, Problem, Request
from devidp.system import http_client
from devidp.system.clock import stopwatch
from devidp.system.hosts import is_loopback
from devidp.system.time_limit import TimeLimit

MAX_BYTES = 256 * 1024
"""Of an answer; what is longer is taken to be endless."""
PIECE = 16 * 1024


class TargetRefused(ValueError):
    """It is not called; the message says why, and what to change."""


def check_target(url: str, allowed: Collection[str] = ()) -> None:
    """Raises TargetRefused for a URL that is none of this machine, and whose host is not ``allowed`` by its name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise TargetRefused(f"got {url!r}, expected the URL of a server, such as http://localhost:8000/mcp")
    if is_loopback(host) or host in {name.strip("[]").lower() for name in allowed}:
        return
    raise TargetRefused(
        f"{host} is not this machine, and the probe sends it hundreds of requests with faulty tokens. "
        f"If it is yours, say so: --allow-host {host}"
    )


class HttpTarget:
    """The transport to the servers that ``check_target`` lets through; what they do wrong becomes an answer."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self._allowed = tuple(allowed)

    def send(self, request: Request, seconds: float) -> Answer:
        """Raises TargetRefused."""
        check_target(request.url, self._allowed)
        limit, began = TimeLimit(seconds), stopwatch()
        connection = self._connection(request.url, seconds)
        try:
            connection.connect()
            with limit.enforced(connection.sock) as expired:
                reading = _Reading()
                try:
                    _write(connection, request)
                    reading.run(connection.getresponse())
                except (OSError, HTTPException, ValueError) as error:
                    reading.problem = "timeout" if expired.is_set() else _problem(error)
                if expired.is_set():
                    reading.problem = "endless" if len(reading.body) > PIECE else "timeout"
        except (OSError, UnicodeError) as error:
            return Answer(None, seconds=stopwatch() - began, problem=_problem(error), request=request)
        finally:
            connection.close()
        return reading.answer(request, stopwatch() - began)

    @staticmethod
    def _connection(url: str, seconds: float) -> HTTPConnection:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            # whatever certificate a server of this machine has, nobody is in between
            tls = http_client.unverified(url) if is_loopback(host) else None
            return HTTPSConnection(host, parts.port, timeout=seconds, context=tls)
        return HTTPConnection(host, parts.port, timeout=seconds)


class _Reading:
    """As much of an answer as came."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: tuple[tuple[str, str], ...] = ()
        self.body = b""
        self.problem: Problem = ""

    def run(self, response: HTTPResponse) -> None:
        self.status, self.headers = response.status, tuple(response.getheaders())
        of_events = stream.is_stream(response.headers.get("Content-Type", ""))
        while piece := response.read1(PIECE):
            self.body += piece
            if of_events and stream.has_answer(self.body):
                return  # the stream may go on for whatever comes next
            if len(self.body) > MAX_BYTES:
                self.problem = "endless"
                return
        if response.length:  # the rest of what Content-Length promised
            self.problem = "dropped"

    def answer(self, request: Request, seconds: float) -> Answer:
        return Answer(self.status, self.headers, self.body, seconds, self.problem, request)


def _write(connection: HTTPConnection, request: Request) -> None:
    """Headers as they are, also twice and in an order of their own."""
    parts = urlsplit(request.url)
    path = parts.path or "/"
    connection.putrequest(request.method, f"{path}?{parts.query}" if parts.query else path, skip_accept_encoding=True)
    for name, value in request.headers:
        connection.putheader(name, value.encode("utf-8"))
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        connection.putheader("Content-Length", str(len(request.body)))
    connection.putheader("Connection", "close")
    connection.endheaders(request.body or None)


def _problem(error: Exception) -> Problem:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    # an end without a status line is a RemoteDisconnected, a subclass of both
    if isinstance(error, ConnectionError | IncompleteRead) or not isinstance(error, HTTPException | ValueError):
        return "dropped"
    return "malformed"
