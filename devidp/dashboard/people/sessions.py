"""``/_devidp/controls/sessions``: who is logged in where, what users have authorized, and the end of either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import flask
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from devidp.dashboard import calls, forms, shell
from devidp.dashboard.controls import instants
from devidp.dashboard.paging import PAGE_SIZE, Page, page
from devidp.dashboard.people.browser_name import browser_name
from devidp.oauth.identifiers import flow_of
from devidp.web.control.errors import ControlError

blueprint = Blueprint("sessions", __name__, url_prefix="/controls/sessions")
T = TypeVar("T")


@blueprint.get("")
def index() -> flask.Response:
    """The browsers in which users are logged in."""
    return _sessions()


@blueprint.post("")
def end() -> Response:
    """Log out one browser, or all of a user."""
    form, sessions = flask.request.form, shell.control().sessions
    user = form.get("user", "")
    try:
        if form.get("id"):
            sessions.end(form["id"])
            forms.notice("The browser is logged out, and its clients are told by the back channel")
        elif user:
            forms.notice(f"{sessions.end_all(user)} sessions of {user} ended")
        else:
            raise ControlError("got neither a session nor a user, expected one of them")
    except ControlError as refusal:
        return _sessions(str(refusal), 400)
    return flask.redirect(url_for("sessions.index", user=user or None), 303)


@blueprint.get("/authorizations")
def authorizations() -> flask.Response:
    """What users have authorized."""
    return _authorizations()


@blueprint.post("/authorizations")
def end_authorization() -> Response:
    """Revoke all that came of one."""
    form = flask.request.form
    try:
        shell.control().authorizations.end(form.get("id", ""))
    except ControlError as refusal:
        return _authorizations(str(refusal), 400)
    forms.notice("The authorization has ended: its tokens are revoked")
    return flask.redirect(url_for("sessions.authorizations", user=form.get("user") or None), 303)


def _sessions(problem: str = "", http_status: int = 200) -> flask.Response:
    sessions, user = shell.control().sessions, _wanted("user")
    paging, problem = _listed(problem, lambda: sessions.count(user), lambda at: sessions.find(user, **at))
    newest = paging.shown[0].id if paging.shown else "SESSION"
    whose = user or (paging.shown[0].user if paging.shown else "alice")
    return shell.render(
        "dashboard/people/sessions.html",
        http_status if not problem else 400,
        problem=problem,
        here="sessions",
        user=user or "",
        paging=paging,
        rows=[(each, browser_name(each.user_agent), instants.date(each.auth_time), instants.date(each.expires_at))
              for each in paging.shown],
        address=lambda number: url_for("sessions.index", user=user, page=number),
        same=(
            _lines(
                calls.command("sessions", "end", *calls.argument(newest)),
                calls.command("sessions", "end", "--user", whose),
            ),
            _lines(calls.call("DELETE", f"/sessions/{newest}"), calls.call("DELETE", "/sessions", user=whose)),
        ),
    )  # fmt: skip


def _authorizations(problem: str = "", http_status: int = 200) -> flask.Response:
    found, user, client = shell.control().authorizations, _wanted("user"), _wanted("client")
    paging, problem = _listed(
        problem, lambda: found.count(user, client=client), lambda at: found.find(user, client=client, **at)
    )
    seen = {event.flow for event in shell.control().events.since()[0]}
    newest = next((each.id for each in paging.shown if not each.ended), "AUTHORIZATION")
    return shell.render(
        "dashboard/people/authorizations.html",
        http_status if not problem else 400,
        problem=problem,
        user=user or "",
        here="authorizations",
        client=client or "",
        paging=paging,
        rows=[(each, _flow(each.id, seen), instants.date(each.keep_until)) for each in paging.shown],
        address=lambda number: url_for("sessions.authorizations", user=user, client=client, page=number),
        same=(
            calls.command("authorizations", "end", *calls.argument(newest)),
            calls.call("DELETE", f"/authorizations/{newest}"),
        ),
    )


def _lines(*each: str) -> str:
    return "\n".join(each)


def _flow(authorization: str, seen: set[str]) -> str:
    """The flow in which it was given; empty where there are no events of it any more, or it was minted."""
    flow = flow_of(authorization)
    return flow if flow in seen else ""


def _wanted(name: str) -> str | None:
    return flask.request.values.get(name, "").strip() or None


def _listed(problem: str, count: Callable[[], int], find: Callable[[dict[str, Any]], list[T]]) -> tuple[Page[T], str]:
    """A page of what is found; empty where the search is refused, with the reason."""
    try:
        place = page(range(count()), flask.request.args.get("page"))
        shown = find({"limit": PAGE_SIZE, "offset": (place.number - 1) * PAGE_SIZE})
    except ControlError as refusal:
        return Page([], 1, 0), problem or str(refusal)
    return Page(shown, place.number, place.total), problem
