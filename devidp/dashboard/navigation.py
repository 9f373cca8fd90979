"""The areas of the dashboard, in the order of the bar at the top."""

from __future__ import annotations

from collections.abc import Iterator

import flask
from flask import current_app

AREAS = (
    ("Flows", "flows.index"),
    ("Tokens", "tokens.index"),
    ("Controls", "controls.index"),
    ("Connect", "connect.index"),
    ("Judge", "judge.index"),
)


def navigation() -> Iterator[tuple[str, str, bool]]:
    """The label and address of each area, and whether the page is one of it."""
    here = flask.request.blueprint
    for label, endpoint in AREAS:
        if endpoint in current_app.view_functions:
            yield label, flask.url_for(endpoint), here == endpoint.partition(".")[0]
