"""``/_devidp/controls/users``: find, add, change and delete users, and end what they have got."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from devidp.dashboard import calls, forms, shell
from devidp.dashboard.controls import state
from devidp.dashboard.paging import page
from devidp.dashboard.people import typed, user_actions, user_form, user_list, user_page
from devidp.dashboard.people.user_actions import ACTIONS
from devidp.web.control.errors import ControlError

blueprint = Blueprint("users", __name__, url_prefix="/controls/users")
Form = Mapping[str, str]


@blueprint.get("")
def index() -> flask.Response:
    """A page of those that are searched for, and those that are gone."""
    wanted, runtime = flask.request.args.get("q", ""), shell.runtime()
    found = page(user_list.find(runtime, wanted), flask.request.args.get("page"))
    changes = state.changes(shell.control(), "users")
    return shell.render(
        "dashboard/people/users.html",
        wanted=wanted,
        paging=found,
        rows=user_list.rows(runtime, found.shown),
        changes=changes,
        several=len(runtime.issuers) > 1,
        address=lambda number: url_for("users.index", q=wanted or None, page=number),
    )


@blueprint.post("")
def restore() -> Response:
    """Bring back one of the seed that was deleted."""
    username = flask.request.form.get("username", "")
    shell.control().users.reset(username)
    forms.notice(f"{username} is as the seed has it")
    return _to(username, None)


@blueprint.get("/new")
def new() -> flask.Response:
    """The form of a user who is not there yet."""
    return _new_page(user_form.shown(None).values, "{}")


@blueprint.post("/new")
def add() -> Response:
    """A user with what the fields and the JSON say."""
    form = flask.request.form
    username, issuer = form.get("username", "").strip(), form.get("issuer") or None
    try:
        if not username:
            raise ControlError("username: got nothing, expected a name to log in with")
        entry = user_form.changes(None, form)
        claims = typed.json_object(form.get("claims", ""), "claims") | entry.pop("claims", {})
        shell.control().users.add(username, issuer=issuer, **entry, claims=claims)
    except ControlError as refusal:
        return _new_page(form, form.get("claims", ""), str(refusal), 400)
    forms.notice(f"{username} was added")
    return _to(username, issuer)


@blueprint.get("/one")
def show() -> flask.Response:
    """Everything about one user."""
    args = flask.request.args
    return _page(args.get("username", ""), args.get("issuer") or None)


@blueprint.post("/one")
def change() -> Response:
    """What the button that was pressed says."""
    form = flask.request.form
    username, issuer, action = form.get("username", ""), form.get("issuer") or None, form.get("action", "")
    user = shell.control().users[username]
    try:
        if action not in ACTIONS:
            raise ControlError(f"got {action!r}, expected one of: {', '.join(ACTIONS)}")
        forms.notice(ACTIONS[action](user, issuer, form))
    except ControlError as refusal:
        return _page(username, issuer, form, str(refusal), 400)
    if action == "delete":
        return _to(username if username in shell.control().users else None, None)
    return _to(username, issuer)


def _to(username: str | None, issuer: str | None) -> Response:
    """See the page of the user, or the list."""
    where = url_for("users.show", username=username, issuer=issuer) if username else url_for("users.index")
    return flask.redirect(where, 303)


def _page(
    username: str, issuer: str | None, form: Form | None = None, problem: str = "", http_status: int = 200
) -> flask.Response:
    view = user_page.view(shell.control(), username, issuer)
    values = dict(view.profile.values)
    claims = view.claims
    if form is not None and form.get("action") == "change":
        values |= {name: value for name, value in form.items() if name in values}
    elif form is not None and form.get("action") == "claims":
        claims = form.get("claims", "")
    return shell.render(
        "dashboard/people/user.html",
        http_status,
        user=view,
        values=values,
        claims=claims,
        problem=problem,
        refused=form.get("action", "") if form is not None else "",
        factors=user_form.FACTORS,
        same=user_actions.same_as(view),
    )


def _new_page(values: Form, claims: str, problem: str = "", http_status: int = 200) -> flask.Response:
    example: dict[str, Any] = {"password": "carol", "claims": {"email": "carol@acme.example"}}
    username = values.get("username", "")
    return shell.render(
        "dashboard/people/new_user.html",
        http_status,
        values={**user_form.shown(None).values, "issuer": "", **values, "username": username},
        claims=claims,
        problem=problem,
        issuers=[each.name for each in shell.runtime().issuers],
        factors=user_form.FACTORS,
        same=(
            calls.command("users", "add", *calls.argument(username or "carol"), *calls.keys(**example)),
            calls.call("POST", "/users", username=username or "carol", **example),
        ),
    )
