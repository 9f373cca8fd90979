"""``/_devidp/flows/again/…``: a step is to be made again, and to go wrong."""

from __future__ import annotations

import re
from typing import Final

import flask
from flask import url_for
from werkzeug.wrappers import Response

from devidp.dashboard import shell
from devidp.dashboard.controls import catalogue, scripted
from devidp.dashboard.flows import again, curl
from devidp.dashboard.flows.current import found
from devidp.dashboard.flows.views import blueprint
from devidp.models import Event
from devidp.store.overrides import Scripted
from devidp.web.control.errors import ControlError, UnknownName

AREAS: Final = {"fault": "faults", "failure": "failures"}
"""The page of the controls where each kind is listed."""
_CURSOR: Final = re.compile("[0-9]{1,18}")


@blueprint.get("/flows/again/<wanted>")
def choose(wanted: str) -> flask.Response:
    """What can go wrong with the step."""
    return _choose(_event(wanted), flask.request.args.get("what", ""))


@blueprint.post("/flows/again/<wanted>")
def arm(wanted: str) -> Response:
    """Arm what was chosen, and wait for it."""
    event, chosen, control = _event(wanted), flask.request.form.get("what", ""), shell.control()
    after = control.events.since()[1]
    try:
        armed = again.arm(control, event, chosen)
    except ControlError as refusal:
        return _choose(event, chosen, str(refusal), 400)
    kind = chosen.partition(":")[0]
    return flask.redirect(url_for("flows.armed", wanted=event.id, kind=kind, number=armed.id, after=after), 303)


@blueprint.get("/flows/again/<wanted>/<any(fault, failure):kind>/<int:number>")
def armed(wanted: str, kind: str, number: int) -> flask.Response:
    """What to do now; and the flow, once it has come."""
    event, after, control = _event(wanted), flask.request.args.get("after", ""), shell.control()
    answers = control.armed if kind == "fault" else control.failures
    known: dict[int, Scripted] = {each.id: each for each in (*answers.waiting(), *answers.spent())}
    if number not in known:
        raise UnknownName(kind, number, map(str, known))
    came = control.events.since(int(after))[0] if _CURSOR.fullmatch(after) else []
    return shell.render(
        "dashboard/flows/armed.html",
        event=event,
        armed=known[number],
        entry=(catalogue.ARMABLE if kind == "fault" else catalogue.ENDPOINTS)[known[number].name],
        area=AREAS[kind],
        how=again.how(event),
        came=next((each for each in reversed(came) if again.is_like(each, event)), None),
        calls=scripted.add_calls(scripted.members_of(known[number])),
    )


def _event(wanted: str) -> Event:
    """The request of that id; of a flow the one that says where it stands."""
    flow = found(wanted)
    return next((event for event in flow.events if event.id == wanted), flow.decisive.event)


def _choose(event: Event, chosen: str, problem: str = "", http_status: int = 200) -> flask.Response:
    groups: dict[str, list[again.Choice]] = {}
    for each in again.choices(shell.runtime(), event):
        groups.setdefault(f"{AREAS[each.kind].capitalize()}: {each.entry.group}", []).append(each)
    return shell.render(
        "dashboard/flows/again.html",
        http_status,
        event=event,
        groups=groups,
        chosen=chosen,
        command=curl.command(event, shell.runtime().config.public_url),
        how=again.how(event),
        problem=problem,
    )
