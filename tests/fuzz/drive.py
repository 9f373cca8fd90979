"""Drives requests through the application, and holds every answer to what must hold for all."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from devidp.endpoints import ENDPOINTS
from devidp.installation import Installation
from tests.fuzz.requests import Made, Maker

LONGEST_SECONDS = 5.0
PURGE_EVERY = 5_000
HTML = "text/html"


@dataclass(slots=True)
class Driven:
    """How often each status came, and every answer that is not one of devidp's."""

    statuses: Counter[int] = field(default_factory=Counter)
    defects: list[str] = field(default_factory=list)
    slowest: float = 0.0


def drive(app: Flask, count: int, seed: int = 0) -> Driven:
    driven, maker = Driven(), Maker(seed)
    installation: Installation = app.extensions["devidp"]
    for number in range(count):
        made = maker.make()
        began = time.perf_counter()
        status, headers, body = _ask(app, made.environ)
        took = time.perf_counter() - began
        driven.statuses[status] += 1
        driven.slowest = max(driven.slowest, took)
        problem = _problem(made, status, headers, body) or ("it took too long" if took > LONGEST_SECONDS else "")
        if problem:
            shown = {name: value for name, value in made.environ.items() if not name.startswith("wsgi")}
            driven.defects.append(
                f"{problem}: {made.endpoint} {status} {shown} {made.environ['wsgi.input'].getvalue()[:500]!r}"
            )
        if number % PURGE_EVERY == 0:
            installation.purge()
    return driven


def _ask(app: Flask, environ: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    said: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], error: object = None, /) -> Any:
        said.extend((status, headers))

    body = b"".join(app.wsgi_app(environ, start))
    return int(said[0][:3]), {name.lower(): value for name, value in said[1]}, body


def _problem(made: Made, status: int, headers: dict[str, str], body: bytes) -> str:
    each = ENDPOINTS[made.endpoint]
    if status >= 500:
        return "a server error"
    if "x-injected" in headers or any("\n" in value or "\r" in value for value in headers.values()):
        return "a header was injected"
    is_page = bool(body) and HTML in headers.get("content-type", "")
    if is_page and not each.page and HTML not in made.environ.get("HTTP_ACCEPT", ""):
        return "a client got a page"
    if "evil.example" in headers.get("location", "").partition("?")[0].partition("#")[0]:
        return "an open redirect"
    if status >= 400 and not each.page and not body and made.environ["REQUEST_METHOD"] != "HEAD":
        return "a refusal without a word"
    return ""
