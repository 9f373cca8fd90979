"""Where the parts meet: the application, with the issuers, the control API, the dashboard, and what is beside them."""

from __future__ import annotations

import os
from functools import cache, partial
from pkgutil import resolve_name
from typing import Any

import flask

# first: at the end of a long chain of imports, CPython 3.11 has memory for frames mapped and unmapped call by call
import devidp.seed
import devidp.web.runtime  # noqa: F401
from devidp import __version__
from devidp.models import Seed
from devidp.models.config import Config
from devidp.system.clock import Clock
from devidp.web import api, beside, errors, guard, landing
from devidp.web.dispatch import Application
from devidp.web.request import Request
from devidp.web.response import Response, json_response, page_response, redirect_response
from devidp.web.runtime import Runtime
from devidp.web.seed_origin import origin


def create_app(config: Config | None = None, seed: Seed | None = None, clock: Clock | None = None) -> Application:
    """A WSGI application that serves every issuer of ``seed``, or of the seed that ``config`` names.

    Without ``config`` the ``DEVIDP_…`` variables say what is served, as for any program that knows only how to call
    this, and the data folder is opened by the first request. Raises SeedError, StartError,
    PrivateFileError where there is no folder for it, and ValueError for a variable that means nothing here.
    """
    opens_at_once = config is not None
    if config is None:
        config = resolve_name("devidp.web.environment:config_from")(os.environ)
    runtime = Runtime(config, configured_seed(config) if seed is None else seed, clock)
    app = Application(runtime)
    app.url_value_preprocessor(app.forget_host)
    app.before_request(app.admit)
    app.after_request(partial(beside.record, runtime))
    app.register_error_handler(Exception, errors.handle)
    app.register_blueprint(api.blueprint(runtime))
    app.add_url_rule("/", "landing", lambda: landing_page(runtime), methods=["GET"])
    app.add_url_rule("/health", "health", health, methods=["GET"])
    app.add_url_rule("/health/ready", "ready", lambda: ready(runtime), methods=["GET"])
    add_dashboard(app, runtime)
    runtime.adopted = app.map_issuers
    if opens_at_once:
        runtime.open()
    else:
        app.map_issuers()
    return app


def configured_seed(config: Config) -> Seed:
    """The seed that ``config`` names, or the shipped one; raises SeedError."""
    return origin(config).read()


def add_dashboard(app: Application, runtime: Runtime) -> None:
    """An application of its own, which is made by the first look: most devidps are never looked at."""
    dashboard = cache(lambda: resolve_name("devidp.dashboard.app:Dashboard")(runtime))

    def respond(**_: Any) -> Response:
        response: Response = dashboard().respond()
        return response

    # what is not its own, such as an unknown operation of the API, stays with the others
    areas = ",".join(("flows", "tokens", "controls", "connect", "judge", "static", "stream", "unlock"))
    for rule in ("/_devidp/", f"/_devidp/<any({areas}):area>", f"/_devidp/<any({areas}):area>/<path:rest>"):
        app.add_url_rule(rule, beside.DASHBOARD, respond, methods=["GET", "POST"])


def landing_page(runtime: Runtime) -> Response:
    """What runs here; a person at this machine gets the dashboard, which shows more."""
    runtime.follow()
    request: Request = flask.request  # type: ignore[assignment]
    if errors.wants_page(request) and guard.admits(request, runtime.config.control_token):
        return redirect_response(f"{runtime.home}_devidp/")
    return page_response(landing.page(runtime))


def health() -> Response:
    """Whether this process answers; it asks no database, for no restart would bring one back that is away."""
    return json_response({"status": "ok", "version": __version__})


def ready(runtime: Runtime) -> Response:
    """Whether it can also serve; raises StoreError."""
    runtime.catch_up()
    return health()
