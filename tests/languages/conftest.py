"""What the examples of docs/languages.md talk to: a devidp of its own process, and an API that is strict."""

from __future__ import annotations

from collections.abc import Iterator

import jwt
import pytest
from flask import Flask, abort, request

from tests.cli.running import Running
from tests.flow import MCP
from tests.real_clients.verifier import key_client, verify
from tests.serving import wsgi_served


@pytest.fixture(scope="module")
def devidp_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    running = Running(tmp_path_factory.mktemp("home"), "serve", "--memory", "--port", "0")
    yield running.issuer().removesuffix("/default")
    running.kill()


@pytest.fixture(scope="module")
def api_url(devidp_url: str) -> Iterator[str]:
    """The base URL of an API that wants the scope ``mcp:read``."""
    with wsgi_served(lambda _: protected(f"{devidp_url}/default")) as (base_url, _):
        yield base_url


def protected(issuer: str) -> Flask:
    app, keys = Flask(__name__), key_client(issuer)

    @app.get("/mcp")
    def notes() -> str:
        try:
            claims = verify(request.headers["Authorization"].removeprefix("Bearer "), issuer, MCP, keys)
        except jwt.PyJWTError:
            abort(401)
        if "mcp:read" not in claims.get("scope", "").split():
            abort(403)
        return "notes"

    return app
