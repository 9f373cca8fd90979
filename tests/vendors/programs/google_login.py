"""Authlib's Google provider, in a Flask application as Authlib's documentation has it."""

# mypy: ignore-errors
from __future__ import annotations

import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, url_for

from tests.real_clients.programs import lines

app = Flask(__name__)
app.testing = True  # an error reaches who asks
app.secret_key = "of this test"
app.config.update({name: os.environ[name] for name in ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")})
oauth = OAuth(app)
oauth.register(
    name="google",
    server_metadata_url="https://accounts.google.com/.well-known/openid-configuration",
    client_kwargs={"scope": "openid email profile"},
)


@app.route("/login")
def login():
    return oauth.google.authorize_redirect(url_for("callback", _external=True))


@app.route("/callback")
def callback():
    token = oauth.google.authorize_access_token()
    return {"user": token["userinfo"], "asked": oauth.google.userinfo(token=token), "token": dict(token)}


for _ in lines.commands():
    browser = app.test_client()
    answer = lines.ask(open=browser.get("/login").headers["Location"])
    try:
        lines.answer(**browser.get(answer["address"]).get_json())
    except Exception as refused:  # noqa: BLE001 - any of its errors is a refusal
        lines.answer(refused=f"{type(refused).__name__}: {refused}")
