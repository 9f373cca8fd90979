"""The API in the application: one rule, and nothing of it is loaded before the first call."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import Flask

from devidp.installation import Installation
from devidp.later import later

if TYPE_CHECKING:
    from devidp import control
    from devidp.api import routes
    from devidp.api.routes import Door
else:
    control, routes = later("devidp.control"), later("devidp.api.routes")

PREFIX = "/_devidp/api"
METHODS = ("GET", "POST", "PATCH", "DELETE")


def mount(app: Flask, installation: Installation) -> None:
    """Serve the API."""

    @cache
    def door() -> Door:
        return routes.Door(control.Controller(installation), installation.config.control_token)

    app.add_url_rule(f"{PREFIX}/<path:address>", "api", lambda address: routes.answer(door(), address), methods=METHODS)
