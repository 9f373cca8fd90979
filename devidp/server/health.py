"""Asks a running devidp how it is. Standard library only: a container's health check runs every few seconds."""

from __future__ import annotations

import http.client
import json
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a devidp answers at a URL, and a sentence on it."""

    ok: bool
    detail: str


def ask_health(url: str, timeout: float = 5, *, tls: ssl.SSLContext | None = None) -> Health:
    """Ask ``/health`` under a base URL, whatever is there."""
    try:
        status, body = get(f"{url}/health", timeout=timeout, tls=tls)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Health(False, f"no answer from {url}: {_reason(error)}")
    if status != 200:
        return Health(False, f"{url}/health answered {status}, expected 200")
    return _judge(url, body)


def _judge(url: str, body: bytes) -> Health:
    try:
        report = json.loads(body)
    except ValueError:
        report = None
    if not isinstance(report, dict) or report.get("status") != "ok":
        return Health(False, f"{url}/health answered, but not as devidp does")
    return Health(True, " ".join(part for part in (url, str(report.get("version", ""))) if part))


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it took too long"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    return str(error) or type(error).__name__


def get(
    url: str, *, timeout: float, headers: dict[str, str] | None = None, tls: ssl.SSLContext | None = None
) -> tuple[int, bytes]:
    """GET without redirects or proxies; ``tls`` says whom to trust.

    Raises OSError, HTTPException, and ValueError for a URL that is none.
    """
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError("the URL names no host")
    connection = (
        http.client.HTTPSConnection(parts.hostname, parts.port, timeout=timeout, context=tls)
        if parts.scheme == "https"
        else http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    )
    try:
        connection.request("GET", parts.path, headers=headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def own_socket(url: str) -> ssl.SSLContext | None:
    """For asking this very process: its certificate may be for another name than the address that is asked."""
    if not url.startswith("https://"):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
