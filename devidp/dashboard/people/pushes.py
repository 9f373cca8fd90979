"""``/_devidp/controls/pushes``: what users are asked on their other devices, and the buttons that answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import flask
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from devidp.dashboard import calls, forms, shell
from devidp.dashboard.paging import PAGE_SIZE
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError
from devidp.web.control.pushes import WaitingPush
from devidp.web.pages import Person, person, with_few_pictures

blueprint = Blueprint("pushes", __name__, url_prefix="/controls/pushes")


@dataclass(frozen=True, slots=True)
class Question:
    """A push as the page shows it; ``client`` is a name, ``issuer`` a URL."""

    id: str
    user: Person
    client: str
    issuer: str
    age: int
    """Seconds by the clock of devidp."""


@blueprint.get("")
def index() -> flask.Response:
    """The questions that wait, and who can be asked."""
    return _page()


@blueprint.post("")
def decide() -> Response:
    """Answer one of them."""
    form = flask.request.form
    decision, pushes = form.get("decision", ""), shell.control().pushes
    try:
        pushes.decide(decision, id=form.get("id", ""))
    except ControlError as refusal:
        waits_no_longer = decision in ("approve", "deny")
        return _page("That question waits no longer." if waits_no_longer else str(refusal), 400)
    forms.notice(f"Answered: {'yes' if decision == 'approve' else 'no'}. Continue on the login page.")
    return flask.redirect(url_for("pushes.index"), 303)


def _page(problem: str = "", http_status: int = 200) -> flask.Response:
    waiting = shell.control().pushes.waiting()
    first = waiting[0] if waiting else None
    return shell.render(
        "dashboard/pushes.html",
        http_status,
        problem=problem,
        questions=_questions(waiting[:PAGE_SIZE]),
        more=len(waiting[PAGE_SIZE:]),
        asked=_asked(),
        cli=calls.command("users", "approve", first.user if first else "bob"),
        http=calls.call("POST", "/pushes", decision="approve", **({"id": first.id} if first else {"user": "bob"})),
    )


def _questions(waiting: list[WaitingPush]) -> list[Question]:
    found = [question for push in waiting if (question := _question(push)) is not None]
    persons = with_few_pictures(each.user for each in found)
    return [replace(each, user=shown) for each, shown in zip(found, persons, strict=True)]


def _question(push: WaitingPush) -> Question | None:
    issuer = issuers.named(shell.runtime(), push.issuer)
    user, client = issuer.user(push.user), issuer.find_client(push.client)
    if user is None:
        return None
    age = max(0, int(issuer.clock.now()) - push.sent_at)
    return Question(push.id, person(user), client.name if client else push.client, issuer.url, age)


def _asked() -> list[str]:
    """Some of the users who are asked in this way."""
    found = (user.username for each in shell.runtime().issuers for user in each.settings.users.values()
             if user.mfa == "push")  # fmt: skip
    return list(dict.fromkeys(found))[:5]
