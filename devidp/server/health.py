"""Asks a running devidp how it is. Standard library only: a container's health check runs every few seconds."""

from __future__ import annotations

import ssl
from typing import NamedTuple

from devidp.system import http_client

LIVE, READY = "/health", "/health/ready"


class Health(NamedTuple):
    """``detail`` is a sentence."""

    ok: bool
    detail: str


def ask_health(url: str, timeout: float = 5, *, path: str = LIVE, tls: ssl.SSLContext | None = None) -> Health:
    """Ask ``path`` under a base URL, whatever is there."""
    try:
        with http_client.request("GET", f"{url}{path}", timeout=timeout, tls=tls, in_all=True) as response:
            if response.status != 200:
                return Health(False, f"{url}{path} answered {response.status}, expected 200")
            report = http_client.read_object(response)
    except http_client.NoAnswer as error:
        return Health(False, f"no answer from {url}: {error}")
    except ValueError:
        report = {}
    if report.get("status") != "ok":
        return Health(False, f"{url}{path} answered, but not as devidp does")
    return Health(True, f"{url} {report.get('version', '')}".rstrip())
