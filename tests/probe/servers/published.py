"""The published validator where its guide wants it: before every call of a tool, with the 401 that the guide shows."""

from __future__ import annotations

from flask import Flask, request
from flask.typing import ResponseReturnValue

from tests.real_clients.published import published

CHALLENGE = 'Bearer realm="mcp", error="invalid_token"'


def published_server(issuer: str, audience: str) -> Flask:
    app, validator = Flask("published"), published(issuer, audience)

    @app.get("/tools/<tool>")
    def call(tool: str) -> ResponseReturnValue:
        claims = validator["validate_token"](request.headers.get("Authorization"))
        if claims is None:
            return {"error": "invalid_token"}, 401, {"WWW-Authenticate": CHALLENGE}
        if not validator["check_scope"](claims, tool):
            return {"error": "insufficient_scope"}, 403
        return {"caller": claims.get("sub"), "tool": tool}

    return app
