"""A foreign origin: it answers as an authorization server would, so that it is seen how much a client gives away."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

import flask
from flask import Flask, Response

from devidp.judge.journal import Journal, Visit
from devidp.judge.manner import json_response

TOKEN = "token-of-a-foreign-origin"
CODE = "code-of-a-foreign-origin"
GIVEN_AWAY = {
    "code": "an authorization code",
    "code_verifier": "a code verifier",
    "client_secret": "a client secret",
    "refresh_token": "a refresh token",
    "client_assertion": "a client assertion",
    "assertion": "an assertion",
    "subject_token": "a token",
    "token": "a token",
}
"""Parameters that only the issuer may see."""


def application(journal: Journal) -> Flask:
    """Everything is written down, whatever its path."""
    app = Flask(__name__, static_folder=None)
    journal.keep(app, "trap")

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "DELETE"])
    @app.route("/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
    def anything(path: str) -> Response:
        base = flask.request.host_url.rstrip("/")
        if "oauth-protected-resource" in path:
            return json_response({"error": "not_found"}, 404)
        if "well-known" in path:
            return json_response(_metadata(base))
        if path.endswith("authorize"):
            return _authorize(base)
        if path.endswith("register"):
            return _register()
        if path.endswith("token"):
            return json_response({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600})
        return json_response({"keys": []} if "jwks" in path else {"sub": "nobody"})

    @app.after_request
    def allow_pages(response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Headers"] = "*"
        return response

    return app


def given_away(visit: Visit) -> list[str]:
    """What came that only the issuer may see: ``an authorization code``."""
    fields = visit.fields
    own = {"code", "code_verifier"} if fields.get("code") == CODE else set()
    found = [text for name, text in GIVEN_AWAY.items() if fields.get(name) and name not in own]
    if visit.token not in ("", TOKEN):
        found.append("an access token")
    if visit.header("Authorization").lower().startswith("basic "):
        found.append("a client secret")
    return list(dict.fromkeys(found))


def _metadata(base: str) -> dict[str, object]:
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "registration_endpoint": f"{base}/register",
        "jwks_uri": f"{base}/jwks",
        "userinfo_endpoint": f"{base}/userinfo",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


def _authorize(base: str) -> Response:
    """Back to the client at once, with a code."""
    asked = flask.request.values
    back = asked.get("redirect_uri", "")
    if not back.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]")):
        return Response("There is nobody here.", 400)
    answer = {"code": CODE, "state": asked.get("state", ""), "iss": base}
    return Response(status=302, headers={"Location": f"{back}{'&' if '?' in back else '?'}{urlencode(answer)}"})


def _register() -> Response:
    asked = flask.request.get_json(force=True, silent=True)
    known = asked if isinstance(asked, dict) else {}
    return json_response({"token_endpoint_auth_method": "none", **known, "client_id": secrets.token_urlsafe(8)}, 201)
