"""``/_devidp/controls``: what is otherwise than after the start, at a glance."""

from __future__ import annotations

import flask
from flask import Blueprint

from devidp.dashboard import shell
from devidp.dashboard.controls import state

blueprint = Blueprint("controls", __name__, url_prefix="/controls")


@blueprint.get("")
def index() -> flask.Response:
    """A card for each thing that can be changed."""
    return shell.render("dashboard/controls/overview.html", state=state.of(shell.control()))
