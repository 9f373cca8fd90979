"""The pages about flows."""

from __future__ import annotations

import flask
from flask import Blueprint

from devidp.dashboard import shell

blueprint = Blueprint("flows", __name__)


@blueprint.get("/")
def index() -> flask.Response:
    """The newest events; a list of flows takes its place."""
    events = shell.control().events.since()[0][-50:]
    return shell.render("dashboard/flows.html", events=events[::-1])
