"""The areas of the dashboard, in the order of the bar at the top, and the tabs of its controls."""

from __future__ import annotations

from collections.abc import Iterator

import flask

AREAS = (
    ("Flows", "flows.index"),
    ("Tokens", "tokens.index"),
    ("Controls", "controls.index"),
    ("Connect", "connect.index"),
    ("Judge", "judge.index"),
)
CONTROLS = (
    ("Overview", "controls.index"),
    ("Clock", "clock.index"),
    ("Keys", "keys.index"),
    ("Faults", "faults.index"),
    ("Failures", "failures.index"),
    ("Users", "users.index"),
    ("Clients", "clients.index"),
    ("Sessions", "sessions.index"),
    ("Devices", "pushes.index"),
    ("Seed", "seed.index"),
    ("Public URL", "public_url.index"),
    ("Reset", "reset.index"),
)


def navigation() -> Iterator[tuple[str, str, bool]]:
    """The label and address of each area, and whether the page is one of it."""
    area = flask.request.path.strip("/").partition("/")[0] or "flows"
    for label, endpoint in AREAS:
        yield label, flask.url_for(endpoint), area == endpoint.partition(".")[0]


def controls() -> Iterator[tuple[str, str, bool]]:
    """The same of each tab of the controls."""
    for label, endpoint in CONTROLS:
        yield label, flask.url_for(endpoint), flask.request.blueprint == endpoint.partition(".")[0]
