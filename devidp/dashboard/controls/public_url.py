"""``/_devidp/controls/public-url``: the base of the issuers, as clients know it."""

from __future__ import annotations

import flask
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from devidp.dashboard import calls, forms, shell
from devidp.web.control.errors import ControlError

blueprint = Blueprint("public_url", __name__, url_prefix="/controls/public-url")
EXAMPLE = "http://localhost:32768"


@blueprint.get("")
def index() -> flask.Response:
    """Where the issuers are."""
    return _page(shell.control().public_url)


@blueprint.post("")
def change() -> Response:
    """Another base, or that of the start."""
    form, control = flask.request.form, shell.control()
    url = form.get("url", "").strip()
    back = form.get("action") == "reset"
    try:
        control.set_public_url(None if back else url)
    except ControlError as refusal:
        return _page(url, str(refusal), 400)
    forms.notice(f"The issuers are below {control.public_url} now")
    return flask.redirect(url_for("public_url.index"), 303)


def _page(typed: str, problem: str = "", http_status: int = 200) -> flask.Response:
    runtime, control = shell.runtime(), shell.control()
    wanted = typed if problem or typed != runtime.started_at else EXAMPLE
    return shell.render(
        "dashboard/controls/public_url.html",
        http_status,
        problem=problem,
        typed=typed,
        url=control.public_url,
        started_at=runtime.started_at,
        issuers=[(issuer.name, issuer.url) for issuer in runtime.issuers],
        set_calls=(calls.command("public-url", wanted), calls.call("POST", "/public-url", url=wanted)),
        reset_calls=(calls.command("public-url", "--reset"), calls.call("POST", "/public-url", url=None)),
    )
