"""One request to a server that the caller trusts: no redirects, no proxies, no second attempt."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit


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
) -> Iterator[HTTPResponse]:
    """The response, to be read in the context; ``timeout`` in seconds, and ``tls`` says whom to trust.

    Raises NoAnswer, also while the response is read.
    """
    try:
        connection, target = _connection(url, timeout, tls)
    except ValueError as error:
        raise NoAnswer(f"got {url!r}, expected a URL with a host: {error}") from None
    try:
        connection.request(method, target, body, dict(headers or {}))
        yield connection.getresponse()
    except (OSError, HTTPException) as error:
        raise NoAnswer(_reason(error)) from error
    finally:
        connection.close()


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


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    return str(error) or type(error).__name__
