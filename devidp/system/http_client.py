"""One request to a server that the caller trusts: no redirects, no proxies, no second attempt."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from devidp.system.time_limit import TimeLimit

MAX_BYTES = 64 * 1024 * 1024
"""Of an answer: the whole event log is less."""


class NoAnswer(Exception):
    """Nothing that speaks HTTP answers; the message says why."""


@contextmanager
def request(
    method: str,
    url: str,
    *,
    timeout: float,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    tls: ssl.SSLContext | None = None,
    in_all: bool = False,
) -> Iterator[HTTPResponse]:
    """The response, to be read in the context; ``tls`` says whom to trust.

    ``timeout`` is in seconds: how long the other side may say nothing, or with ``in_all``, how long it has for
    everything. Raises NoAnswer, also while the response is read.
    """
    limit = TimeLimit(timeout)
    try:
        connection, target = _connection(url, timeout, tls)
    except ValueError as error:
        raise NoAnswer(f"got {url!r}, expected a URL with a host: {error}") from None
    try:
        connection.connect()
        with _limited(connection, limit) if in_all else nullcontext():
            _send(connection, method, target, body, dict(headers or {}))
            with connection.getresponse() as response:
                yield response
    except (OSError, HTTPException, UnicodeError) as error:
        raise NoAnswer(_reason(error)) from error
    finally:
        connection.close()


def read_object(response: HTTPResponse) -> dict[str, Any]:
    """The JSON object that was answered; raises ValueError for anything else."""
    text = response.read(MAX_BYTES + 1)
    if len(text) > MAX_BYTES:
        raise ValueError(f"the answer has more than {MAX_BYTES} bytes")
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("the answer is nested too deeply") from None
    if isinstance(found, dict):
        return found
    raise ValueError("the answer is no JSON object")


def unverified(url: str) -> ssl.SSLContext | None:
    """For asking this very machine: its certificate may be for another name than the address that is asked."""
    if not url.startswith("https://"):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _connection(url: str, timeout: float, tls: ssl.SSLContext | None) -> tuple[HTTPConnection, str]:
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError("it names none")
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if parts.scheme == "https":
        return HTTPSConnection(parts.hostname, parts.port, timeout=timeout, context=tls), target
    return HTTPConnection(parts.hostname, parts.port, timeout=timeout), target


@contextmanager
def _limited(connection: HTTPConnection, limit: TimeLimit) -> Iterator[None]:
    with limit.enforced(connection.sock) as expired:
        try:
            yield
        except Exception:
            # what was cut off may look like anything
            if expired.is_set():
                raise NoAnswer(limit.exceeded()) from None
            raise


def _send(connection: HTTPConnection, method: str, target: str, body: str | None, headers: dict[str, str]) -> None:
    try:
        connection.request(method, target, body, headers)
    except ValueError as error:
        raise NoAnswer(f"the request cannot be sent: {error}") from None


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    return str(error) or type(error).__name__
