"""What a client sent, as a report may show it."""

from __future__ import annotations

from urllib.parse import urlencode

from devidp.judge.journal import Visit
from devidp.judge.provider import Asked
from devidp.report import Exchange


def exchange_of_asked(asked: Asked, base: str) -> Exchange:
    """A request to devidp, as its events have it: nothing secret, and not all of it."""
    sent = urlencode(asked.parameters)
    url, body = f"{base}{asked.path}", sent if asked.method == "POST" else ""
    if sent and not body:
        url = f"{url}?{sent}"
    headers = (("User-Agent", asked.user_agent),) if asked.user_agent else ()
    return Exchange(asked.method, url, headers, body, asked.status, problem=asked.error)


def exchange_of_visit(visit: Visit) -> Exchange:
    return Exchange(visit.method, visit.url, visit.headers, visit.body, visit.status)
