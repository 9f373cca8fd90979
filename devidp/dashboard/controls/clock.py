"""``/_devidp/controls/clock``: the time that codes, tokens and sessions follow."""

from __future__ import annotations

from typing import Final

import flask
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from devidp.dashboard import calls, forms, shell
from devidp.dashboard.controls import instants
from devidp.web.control.clock import ClockControl
from devidp.web.control.errors import ControlError

blueprint = Blueprint("clock", __name__, url_prefix="/controls/clock")
STEPS: Final = ("1m", "15m", "1h", "1d", "30d")
SAID: Final = {
    "advance": "The clock was moved",
    "set": "The clock was set",
    "freeze": "The clock stands",
    "resume": "The clock goes on from where it stood",
    "reset": "The clock shows the machine's time again",
}
"""What a button says once it was pressed."""


@blueprint.get("")
def index() -> flask.Response:
    """What it shows, what that means, and the buttons that change it."""
    return _page()


@blueprint.post("")
def change() -> Response:
    """One of three, as in the control API: move it, set it, or an action."""
    form, clock = flask.request.form, shell.control().clock
    action = next((name for name in ("advance", "set") if form.get(name)), form.get("action", ""))
    try:
        _change(clock, action, form.get(action, "").strip())
    except ControlError as refusal:
        return _page(str(refusal), form.get("advance", ""), form.get("set", ""), 400)
    forms.notice(f"{SAID[action]}: {instants.face(clock).utc}")
    return flask.redirect(url_for("clock.index"), 303)


def _change(clock: ClockControl, action: str, value: str) -> None:
    if action == "advance":
        clock.advance(value)
    elif action == "set":
        clock.set(value)
    elif action in SAID:
        {"freeze": clock.freeze, "resume": clock.resume, "reset": clock.reset}[action]()
    else:
        raise ControlError("got nothing, expected a duration such as 2h, or a date such as 2030-01-31T12:00:00Z")


def _page(problem: str = "", advance: str = "", at: str = "", http_status: int = 200) -> flask.Response:
    runtime, face = shell.runtime(), instants.face(shell.control().clock)
    moved, at_example = advance or "2h", at or "2030-01-31T12:00:00Z"
    return shell.render(
        "dashboard/controls/clock.html",
        http_status,
        face=face,
        problem=problem,
        advance=advance,
        at=at,
        steps=STEPS,
        lives=instants.lives(((issuer.name, issuer.settings.lifetimes) for issuer in runtime.issuers), face.now),
        calls={
            "advance": (calls.command("clock", "advance", moved), calls.call("POST", "/clock", advance=moved)),
            "set": (calls.command("clock", "set", at_example), calls.call("POST", "/clock", set=at_example)),
            **{
                action: (calls.command("clock", action), calls.call("POST", "/clock", action=action))
                for action in ("freeze", "resume", "reset")
            },
        },
    )
