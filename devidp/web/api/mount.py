"""The API in the application: one rule, and nothing of it is loaded before the first call."""

from __future__ import annotations

from functools import cache

from flask import Flask

from devidp.web import control
from devidp.web.api import routes
from devidp.web.api.routes import PREFIX, Door
from devidp.web.runtime import Runtime

METHODS = ("GET", "POST", "PATCH", "DELETE")


def mount(app: Flask, runtime: Runtime) -> None:
    """Serve the API."""

    @cache
    def door() -> Door:
        return routes.Door(control.Controller(runtime), runtime.config.control_token)

    app.add_url_rule(f"{PREFIX}/<path:address>", "api", lambda address: routes.answer(door(), address), methods=METHODS)
