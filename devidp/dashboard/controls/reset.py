"""``/_devidp/controls/reset``: back to the seed, after a look at what goes."""

from __future__ import annotations

import flask
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from devidp.dashboard import calls, forms, shell
from devidp.dashboard.controls import state

blueprint = Blueprint("reset", __name__, url_prefix="/controls/reset")


@blueprint.get("")
def index() -> flask.Response:
    """What a reset would forget."""
    return shell.render(
        "dashboard/controls/reset.html",
        state=state.of(shell.control()),
        calls=(calls.command("reset"), calls.call("POST", "/reset", keys=False)),
        calls_with_keys=(calls.command("reset", "--keys"), calls.call("POST", "/reset", keys=True)),
    )


@blueprint.post("")
def reset() -> Response:
    """Forget it."""
    keys = flask.request.form.get("keys") == "on"
    shell.control().reset(keys=keys)
    forms.notice(f"Back to the seed{', with new keys' if keys else ''}")
    return flask.redirect(url_for("controls.index"), 303)
