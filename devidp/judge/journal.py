"""What came to the places that are not devidp: the MCP server, the foreign origin, and the browser."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

import flask
from flask import Flask, Response

from devidp.oauth.authorization_header import bearer

Place = Literal["resource", "trap", "browser"]
LONGEST_BODY = 100_000
MOST = 10_000
"""Requests of one scenario that are kept."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as it came, tokens and secrets included: never to be shown as it is."""

    place: Place
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    status: int | None = None
    """What was answered; ``None`` for what a browser was told to open."""

    @property
    def line(self) -> str:
        """What was asked, without the query: ``POST http://127.0.0.1:8000/mcp``."""
        return f"{self.method} {self.url.partition('?')[0]}"

    def header(self, name: str) -> str:
        return next((value for each, value in self.headers if each.lower() == name.lower()), "")

    @property
    def token(self) -> str:
        """The Bearer token; empty without one."""
        return bearer(self.header("Authorization")) or ""

    @property
    def fields(self) -> dict[str, str]:
        """The query and the form."""
        form = self.body if "x-www-form-urlencoded" in self.header("Content-Type") else ""
        return dict([*parse_qsl(self.url.partition("?")[2]), *parse_qsl(form)])


class Journal:
    """The visits of one scenario, in their order; several threads write to it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._visits: list[Visit] = []

    def add(self, visit: Visit) -> None:
        with self._guard:
            if len(self._visits) < MOST:
                self._visits.append(visit)

    def take(self) -> tuple[Visit, ...]:
        """What there is, which is then forgotten."""
        with self._guard:
            found, self._visits = tuple(self._visits), []
        return found

    def __len__(self) -> int:
        with self._guard:
            return len(self._visits)

    def keep(self, app: Flask, place: Place) -> None:
        """Write down every request that comes to ``app``."""

        @app.after_request
        def note(response: Response) -> Response:
            request = flask.request
            body = request.get_data(as_text=True)[:LONGEST_BODY]
            headers = tuple(request.headers)
            self.add(Visit(place, request.method, request.url, headers, body, response.status_code))
            return response
