"""A target over HTTP: a connection for each request, no redirects, no proxies, and an end to everything."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Collection
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from string import punctuation
from urllib.parse import quote, urlsplit

from devidp.probe.exchange import Answer, Problem, Request
from devidp.probe.reading import PIECE, Reading
from devidp.probe.refusal import Refused
from devidp.system import http_client
from devidp.system.hosts import is_loopback
from devidp.system.time_limit import TimeLimit


def check_target(url: str, allowed: Collection[str] = ()) -> None:
    """Raises Refused for a URL that is none of this machine, and whose host is not ``allowed`` by its name."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise Refused(f"got {url!r}, expected the URL of a server, such as http://localhost:8000/mcp")
    if "@" in parts.netloc:
        raise Refused(f"got a URL of {host} with credentials, which are not sent; leave them out, or name a --header")
    if is_loopback(host) or host in {name.strip("[]").lower() for name in allowed}:
        return
    raise Refused(
        f"{host} is not this machine, and the probe sends it hundreds of requests with faulty tokens. "
        f"If it is yours, say so: --allow-host {host}, or allow_hosts in Python"
    )


class HttpTarget:
    """The transport to the servers that ``check_target`` lets through; what they do wrong becomes an answer."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self._allowed = tuple(allowed)

    def send(self, request: Request, seconds: float) -> Answer:
        """Raises Refused."""
        check_target(request.url, self._allowed)
        limit, reading = TimeLimit(seconds), Reading(request)
        connection = self._connection(request.url, seconds)
        try:
            connection.connect()
            with limit.enforced(connection.sock) as expired:
                try:
                    with suppress(ConnectionError):  # who refuses large headers may answer before they have all come
                        _write(connection, request)
                    _read(connection.getresponse(), reading)
                except (OSError, HTTPException, ValueError) as error:
                    # what was cut off may look like anything
                    reading.problem = _problem(error)
                if expired.is_set():
                    reading.late()
        except (OSError, UnicodeError) as error:
            reading.problem = _problem(error)
        finally:
            connection.close()
        return reading.answer()

    @staticmethod
    def _connection(url: str, seconds: float) -> HTTPConnection:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            # whatever certificate a server of this machine has, nobody is in between
            tls = http_client.unverified(url) if is_loopback(host) else None
            return HTTPSConnection(host, parts.port, timeout=seconds, context=tls)
        return HTTPConnection(host, parts.port, timeout=seconds)


def _read(response: HTTPResponse, reading: Reading) -> None:
    reading.begin(response.status, tuple(response.getheaders()))
    try:
        while piece := response.read1(PIECE):
            if not reading.take(piece):
                return
    except ConnectionResetError:
        # who refuses what it has not read to the end closes with a reset (RFC 9112 section 9.6)
        if response.status < HTTPStatus.BAD_REQUEST or response.length is not None:
            raise
    if response.length:  # the rest of what Content-Length promised
        reading.problem = "dropped"


def _write(connection: HTTPConnection, request: Request) -> None:
    """Headers as they are, also twice and in an order of their own."""
    parts = urlsplit(request.url)
    path = parts.path or "/"
    named = any(name.lower() == "host" for name, _ in request.headers)
    # a URL as somebody types it; what is encoded in it stays as it is
    target = quote(f"{path}?{parts.query}" if parts.query else path, safe=punctuation)
    connection.putrequest(request.method, target, skip_host=named, skip_accept_encoding=True)
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
    if isinstance(error, socket.gaierror | UnicodeError):
        return "unknown-host"
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return "untrusted" if isinstance(error, ssl.SSLCertVerificationError) else "no-tls"
    # an end without a status line is a RemoteDisconnected, a subclass of both
    if isinstance(error, ConnectionError | IncompleteRead) or not isinstance(error, HTTPException | ValueError):
        return "dropped"
    return "malformed"
