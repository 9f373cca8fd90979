"""The MCP server that the client is pointed at: Flask over HTTP, with a manner that each scenario sets."""

from __future__ import annotations

from urllib.parse import urlsplit

import flask
from flask import Flask, Response

from devidp.judge import messages
from devidp.judge.journal import Journal
from devidp.judge.manner import Call, Manner, Place, json_response

WELL_KNOWN = "/.well-known/oauth-protected-resource"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, accept, mcp-protocol-version, mcp-session-id",
    "Access-Control-Expose-Headers": "WWW-Authenticate, Mcp-Session-Id",
}


class Resource:
    """Protected by ``issuer``; each path that ends in ``/mcp`` is an MCP endpoint, and a resource of its own."""

    def __init__(self, issuer: str, foreign: str, scopes: tuple[str, ...], journal: Journal) -> None:
        self._issuer = issuer
        self._foreign = foreign
        self._scopes = scopes
        self._journal = journal
        self._tokens: set[str] = set()
        self._ended: frozenset[str] = frozenset()
        self.begin(Manner())

    def begin(self, manner: Manner) -> None:
        """Behave so from now on; the tokens that came before have ended."""
        self.manner = manner
        self._ended = frozenset(self._tokens)
        self.admitted = 0
        """How often a token was good enough."""

    def place(self, base: str, path: str) -> Place:
        """Of the MCP endpoint at ``path``."""
        return Place(f"{base}{path}", f"{base}{WELL_KNOWN}{path}", self._issuer, self._foreign, self._scopes)

    def application(self) -> Flask:
        app = Flask(__name__, static_folder=None)
        self._journal.keep(app, "resource")

        @app.route(f"{WELL_KNOWN}/<path:path>", methods=["GET"])
        def metadata(path: str) -> Response:
            if not _is_endpoint(path):
                return json_response({"error": "not_found"}, 404)
            return self.manner.describe(self.place(_base(), f"/{path}"))

        @app.route("/<path:path>", methods=["GET", "POST", "DELETE"])
        def endpoint(path: str) -> Response:
            if not _is_endpoint(path):
                return json_response({"error": "not_found"}, 404)
            return self._respond(self.place(_base(), f"/{path}"))

        @app.before_request
        def preflight() -> Response | None:
            return Response(status=204) if flask.request.method == "OPTIONS" else None

        @app.after_request
        def allow_pages(response: Response) -> Response:
            response.headers.extend(CORS)
            return response

        return app

    def _respond(self, place: Place) -> Response:
        request = flask.request
        scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != "bearer" or not token:
            return self.manner.refuse(place)
        if token in self._ended:
            return place.refusal(401, "invalid_token")
        self._tokens.add(token)
        call = Call(token, messages.uses_tool(request.get_data()), request.environ.get("werkzeug.socket"))
        refused = self.manner.admit(call, place)
        if refused is not None:
            return refused
        if request.method != "POST":  # there is no stream, and no session that could end
            return Response(status=405, headers={"Allow": "POST"})
        self.admitted += 1
        answer = messages.answer(request.get_data())
        return Response(status=202) if answer is None else json_response(answer)


def _base() -> str:
    parts = urlsplit(flask.request.url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_endpoint(path: str) -> bool:
    return path == "mcp" or path.endswith("/mcp")
