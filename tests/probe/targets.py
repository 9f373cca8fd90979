"""Resource servers to be probed: a strict one, and those that do one thing to everybody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import jwt
from flask import Flask, Response, request

from devidp import DevIdP

Verify = Callable[[str], object]


def strict(idp: DevIdP, audience: str = "http://localhost:8000/mcp") -> Flask:
    """Checks everything that PyJWT can check, as an API of Flask's."""
    return strict_of(idp.issuer, idp.jwks_uri, audience)


def strict_of(issuer: str, jwks_uri: str, audience: str = "http://localhost:8000/mcp") -> Flask:
    """The same, for the issuer of another process."""
    keys = jwt.PyJWKClient(jwks_uri)
    required = ["exp", "iss", "aud", "sub", "iat"]

    def verify(token: str) -> object:
        key = keys.get_signing_key_from_jwt(token).key
        return jwt.decode(token, key, ["RS256"], {"require": required}, audience=audience, issuer=issuer)

    return guarded(verify)


def guarded(verify: Verify) -> Flask:
    """An API that lets in whom ``verify`` does not raise for."""
    app = Flask("target")

    @app.route("/orders", methods=["GET", "POST"])
    def orders() -> tuple[dict[str, object], int, dict[str, str]]:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return {"error": "no token"}, 401, {"WWW-Authenticate": "Bearer"}
        try:
            verify(token)
        except jwt.PyJWTError as error:
            return {"error": str(error)}, 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        return {"orders": [1, 2, 3]}, 200, {}

    return app


def always(status: int, body: str = "the same for everybody") -> Flask:
    """Answers like this, whatever comes."""
    app = Flask("target")

    @app.before_request
    def answer() -> Response:
        return Response(body, status)

    return app


def endless() -> Flask:
    app = Flask("target")

    def for_ever() -> Iterator[bytes]:
        while True:
            yield b"." * 4096

    @app.before_request
    def answer() -> Response:
        return Response(for_ever(), mimetype="text/plain")

    return app


def hanging(until: threading.Event) -> Flask:
    """Answers nothing before ``until`` is set."""
    app = Flask("target")

    @app.before_request
    def answer() -> Response:
        until.wait()
        return Response("late")

    return app
