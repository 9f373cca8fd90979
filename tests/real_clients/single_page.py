"""A single-page application with oidc-client-ts, served by a server that does nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from tests.serving import wsgi_served

FOLDER = Path(__file__).parent / "single-page"
LIBRARY = Path(__file__).parent / "node-browser" / "node_modules" / "oidc-client-ts" / "dist" / "browser"


class Application:
    """What its server knows; ``asked`` holds each address, and what the browser wanted it for."""

    def __init__(self, issuer: str) -> None:
        self.origin = ""
        self.issuer = issuer
        self.client = "spa"
        self.asked: list[tuple[str, str]] = []

    def note(self) -> None:
        self.asked.append((request.full_path, request.headers.get("Sec-Fetch-Dest", "")))

    def settings(self) -> Response:
        settings = json.dumps({"issuer": self.issuer, "client": self.client})
        return Response(f"const settings = {settings}", content_type="text/javascript")

    def server(self, origin: str) -> Flask:
        self.origin = origin
        app = Flask(__name__, static_folder=None)
        app.before_request(self.note)
        app.add_url_rule("/settings.js", view_func=self.settings)
        app.add_url_rule("/<file>.js", "script", lambda file: send_from_directory(FOLDER, f"{file}.js"))
        app.add_url_rule("/oidc-client-ts.min.js", "library", lambda: send_from_directory(LIBRARY, request.path[1:]))
        app.add_url_rule("/", "page", lambda page="": send_from_directory(FOLDER, "index.html"))
        app.add_url_rule("/<page>", "page")
        return app


@contextmanager
def single_page(issuer: str) -> Iterator[Application]:
    """The application, as the client ``spa`` unless it gets another name."""
    application = Application(issuer)
    with wsgi_served(application.server):
        yield application
