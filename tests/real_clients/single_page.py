"""A single-page application with a library for browsers, served by a server that does nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask, Response, request, send_file, send_from_directory

from tests.serving import wsgi_served

FOLDER = Path(__file__).parent / "single-page"
LIBRARY = FOLDER.parent / "node-browser/node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js"


class Application:
    """What its server knows; ``asked`` holds each address, and what the browser wanted it for."""

    def __init__(self, issuer: str, folder: Path, library: Path) -> None:
        self.origin = ""
        self.issuer = issuer
        self.folder = folder
        self.library = library
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
        app.add_url_rule("/<file>.js", "script", lambda file: send_from_directory(self.folder, f"{file}.js"))
        app.add_url_rule(f"/{self.library.name}", "library", lambda: send_file(self.library))
        app.add_url_rule("/", "page", lambda page="": send_from_directory(self.folder, "index.html"))
        app.add_url_rule("/<page>", "page")
        return app


@contextmanager
def single_page(issuer: str, folder: Path = FOLDER, library: Path = LIBRARY) -> Iterator[Application]:
    """The application in ``folder``, as the client ``spa`` unless it gets another name."""
    application = Application(issuer, folder, library)
    with wsgi_served(application.server):
        yield application
