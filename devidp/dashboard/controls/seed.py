"""``/_devidp/controls/seed``: what is in force, what the files say now, and what is wrong with them."""

from __future__ import annotations

import flask
from flask import Blueprint

from devidp.dashboard import calls, shell
from devidp.dashboard.controls import seed_text
from devidp.dashboard.controls.seed_text import LINES
from devidp.dashboard.paging import page
from devidp.web.control.seed import Examined

blueprint = Blueprint("seed", __name__, url_prefix="/controls/seed")


@blueprint.get("")
def index() -> flask.Response:
    """The state of the seed, and the text of one of its files."""
    control, query = shell.control(), flask.request.args
    examined, origin = control.seed.examine(), control.seed.origin
    names = seed_text.shown_files(examined)
    number = query.get("file", 0, type=int)
    number = number if 0 <= number < len(names) else 0
    lines = seed_text.lines(names[number], origin, examined.problems) if origin is not None and names else None
    return shell.render(
        "dashboard/controls/seed.html",
        examined=examined,
        mistakes=seed_text.mistakes(examined),
        issuers=shell.runtime().seed.issuers,
        names=names,
        number=number,
        lines=None if lines is None else page(lines, query.get("page"), LINES),
        calls=_calls(examined),
    )


def _calls(examined: Examined) -> tuple[str, str]:
    files = [file.path for file in examined.files if file.role == "seed"]
    profile = shell.runtime().config.profile if files else None
    check = [calls.elsewhere("check", *files, *(("--profile", profile) if profile else ()))] if files else []
    return "\n".join((calls.command("seed"), *check)), calls.call("GET", "/seed")
