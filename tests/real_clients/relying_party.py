"""A small web application whose users log in with OpenID Connect, by Authlib's client for Flask."""

from __future__ import annotations

from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, session, url_for


def relying_party(issuer: str) -> Flask:
    app = Flask("relying-party")
    app.secret_key = "only for a test"
    oauth = OAuth(app)
    oauth.register(
        "devidp",
        client_id="web",
        client_secret="web-secret",
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email mcp:read", "code_challenge_method": "S256"},
    )

    @app.get("/")
    def home() -> Any:
        if "user" not in session:
            return redirect(url_for("login"))
        return f"Hello {session['user']['name']}, {session['user'].get('email', 'address unknown')}"

    @app.get("/login")
    def login() -> Any:
        return oauth.devidp.authorize_redirect(url_for("callback", _external=True))

    @app.get("/callback")
    def callback() -> Any:
        try:
            tokens = oauth.devidp.authorize_access_token()
        except OAuthError as error:
            return f"The login failed: {error.error}", 403
        session["user"] = oauth.devidp.userinfo(token=tokens)
        return redirect(url_for("home"))

    @app.get("/logout")
    def logout() -> Any:
        session.clear()
        return "Bye"

    return app
