"""``/_devidp/controls/faults`` and ``…/failures``: what is to go wrong with the next requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import flask
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from devidp.dashboard import calls, forms, shell
from devidp.dashboard.controls import catalogue, scripted
from devidp.dashboard.controls.catalogue import Entry
from devidp.dashboard.paging import page
from devidp.dashboard.size import fits
from devidp.faults.failures import LIMITS
from devidp.store.overrides import Scripted
from devidp.web import failure_places
from devidp.web.control.controller import Controller
from devidp.web.control.errors import ControlError, UnknownName
from devidp.web.control.scripted import ScriptedAnswers

LARGEST_FIELD = 1000
"""Bytes of what was typed that come back."""
WAITING_SIZE = 20
"""How many of those that wait are on a page: each has its calls."""


@dataclass(frozen=True, slots=True)
class Area:
    """One of the two pages."""

    name: str
    entries: Mapping[str, Entry]
    door: tuple[str, str]
    """The command, and the path of the control API."""
    answers: Callable[[Controller], ScriptedAnswers]
    add: Callable[[Controller, dict[str, Any]], Scripted]
    named: Callable[[str, Mapping[str, str]], dict[str, Any]]
    """From the name that is chosen and the form to what the control API is told beside the match."""


def _fault_named(name: str, form: Mapping[str, str]) -> dict[str, Any]:
    return {"fault": name, **({"token_type": form["where"]} if form.get("where") else {})}


def _failure_named(name: str, form: Mapping[str, str]) -> dict[str, Any]:
    places = catalogue.ENDPOINTS[name].where or tuple(failure_places.places())
    return {"endpoint": form.get("where") or places[0], "failure": name}


FAULTS = Area(
    "faults",
    catalogue.ARMABLE,
    scripted.ARM,
    lambda control: control.armed,
    lambda control, members: control.arm(**members),
    _fault_named,
)
FAILURES = Area(
    "failures",
    catalogue.ENDPOINTS,
    scripted.FAIL,
    lambda control: control.failures,
    lambda control, members: control.failures.fail(**members),
    _failure_named,
)


def blueprint(area: Area) -> Blueprint:
    """The page of ``area``, and its two forms."""
    made = Blueprint(area.name, __name__, url_prefix=f"/controls/{area.name}")
    made.add_url_rule("", "index", lambda: _show(area), methods=["GET"])
    made.add_url_rule("", "add", lambda: _add(area), methods=["POST"])
    made.add_url_rule("/clear", "clear", lambda: _clear(area), methods=["POST"])
    return made


def _show(area: Area) -> flask.Response:
    name = flask.request.args.get("name", "")
    if name and name not in area.entries:
        raise UnknownName(area.name.removesuffix("s"), name, area.entries)
    return _page(area, flask.request.args)


def _add(area: Area) -> Response:
    form, control = flask.request.form, shell.control()
    name = form.get("name", "")
    try:
        if name not in area.entries:
            raise UnknownName(area.name.removesuffix("s"), name, area.entries)
        added = area.add(control, _members(area, area.entries[name], form))
    except ControlError as refusal:
        return _page(area, form, str(refusal), 400)
    forms.notice(f"{added.name} waits")
    return flask.redirect(url_for(f"{area.name}.index"), 303)


def _members(area: Area, chosen: Entry, form: Mapping[str, str]) -> dict[str, Any]:
    return {**area.named(chosen.name, form), **scripted.members_typed(form, chosen.options)}


def _add_calls(area: Area, chosen: Entry, values: Mapping[str, str]) -> tuple[str, str]:
    """The calls that do what the form would do as it is shown."""
    try:
        return scripted.add_calls(_members(area, chosen, values))
    except ControlError:
        return scripted.add_calls(area.named(chosen.name, values))


def _clear(area: Area) -> Response:
    """One that waits, or all; of one that is gone meanwhile nothing is left to be cleared."""
    number = flask.request.form.get("id")
    try:
        cleared = area.answers(shell.control()).clear(None if number is None else int(number))
    except (UnknownName, ValueError):
        cleared = 0
    forms.notice("Cleared" if cleared or number is None else "It waits no longer")
    return flask.redirect(url_for(f"{area.name}.index"), 303)


def _page(area: Area, values: Mapping[str, str], problem: str = "", http_status: int = 200) -> flask.Response:
    control = shell.control()
    answers = area.answers(control)
    query, group = values.get("q", "")[:100], values.get("group", "")
    waiting = page((*answers.waiting(), *answers.spent()), values.get("at"), WAITING_SIZE)
    chosen = area.entries.get(values.get("name", ""))
    return shell.render(
        f"dashboard/controls/{area.name}.html",
        http_status,
        area=area.name,
        problem=problem,
        waiting=waiting,
        rows=scripted.rows(waiting.shown, area.entries),
        chosen=chosen,
        places=chosen.where or failure_places.places() if chosen else (),
        typed={name: text for name, text in values.items() if fits(text, LARGEST_FIELD)},
        limits=LIMITS,
        picks=scripted.picks(control) if chosen else {},
        add_calls=_add_calls(area, chosen, values) if chosen else ("", ""),
        clear_calls=(calls.command(area.door[0], "--clear"), calls.call("DELETE", area.door[1])),
        query=query,
        group=group,
        groups=catalogue.groups(area.entries),
        found=page(catalogue.search(area.entries, query, group), values.get("page")),
        total=len(area.entries),
    )
