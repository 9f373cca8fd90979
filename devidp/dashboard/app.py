"""The Flask application of the dashboard, which stands beside that of the issuers below ``/_devidp/``."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import flask
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.test import run_wsgi_app

from devidp import __version__
from devidp.dashboard import (
    connect,
    controls,
    errors,
    flows,
    forms,
    guard,
    judge,
    live,
    navigation,
    people,
    shell,
    tokens,
)
from devidp.dashboard.size import fits
from devidp.web import pages
from devidp.web.control.controller import Controller
from devidp.web.request import Request
from devidp.web.response import Response
from devidp.web.runtime import Runtime

PREFIX = "_devidp"
BLUEPRINTS = (
    guard.blueprint,
    live.blueprint,
    flows.blueprint,
    tokens.blueprint,
    connect.blueprint,
    judge.blueprint,
    *controls.BLUEPRINTS,
    *people.BLUEPRINTS,
)


class _Sessions(SecureCookieSessionInterface):
    """Flask's own: a signed cookie that no page of another site is sent with."""

    def get_cookie_name(self, app: Flask) -> str:
        # cookies know no port: two devidps on one host tell theirs apart by the name
        return f"devidp-{urlsplit(f'//{flask.request.host}').port or 'default'}-dashboard"

    def get_cookie_path(self, app: Flask) -> str:
        return flask.request.root_path

    def get_cookie_secure(self, app: Flask) -> bool:
        return shell.origin().startswith("https:")

    def get_cookie_samesite(self, app: Flask) -> str:
        return "Strict"


class Dashboard(Flask):
    """Ordinary Flask: a blueprint a capability, Flask's session for form tokens and notices, its static folder."""

    request_class = Request
    session_interface = _Sessions()

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("devidp.dashboard", template_folder=None)
        self.extensions["devidp"] = runtime
        self.extensions["control"] = Controller(runtime)
        self.secret_key = runtime.derive("dashboard")
        self.before_request(guard.check)
        self.before_request(forms.check)
        self.after_request(shell.protect)
        self.register_error_handler(Exception, errors.handle)
        for blueprint in BLUEPRINTS:
            self.register_blueprint(blueprint)

    def create_jinja_environment(self) -> Any:
        made = pages.jinja_environment()
        made.globals.update(
            url_for=self.url_for,
            get_flashed_messages=flask.get_flashed_messages,
            form_token=forms.token,
            navigation=navigation.navigation,
            controls=navigation.controls,
            fits=fits,
            version=__version__,
        )
        return made

    def respond(self) -> Response:
        """What the dashboard answers to the current request of the application around it."""
        outer = flask.request
        runtime: Runtime = self.extensions["devidp"]
        runtime.follow()
        environ = {
            **outer.environ,
            # as browsers know it, whether or not a proxy passes its path on
            "SCRIPT_NAME": f"{runtime.home}{PREFIX}",
            "PATH_INFO": outer.path.partition(f"/{PREFIX}")[2],
            "wsgi.input": BytesIO(outer.get_data()),
        }
        for cached in [name for name in environ if name.startswith("werkzeug.")]:
            del environ[cached]
        return Response(*run_wsgi_app(self.wsgi_app, environ))
