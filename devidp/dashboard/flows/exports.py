"""Downloads of a flow, or of what the list shows: as JSON, as an HTTP Archive, or as Markdown for an issue."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import flask

from devidp.dashboard import shell
from devidp.dashboard.flows import document, har, overview, report, rows
from devidp.dashboard.flows.current import all_flows, found
from devidp.dashboard.flows.search import REQUESTS, Search
from devidp.dashboard.flows.strangers import Strangers
from devidp.dashboard.flows.views import blueprint
from devidp.models import Event
from devidp.system.clock import utc

TYPES: Final = {"json": "application/json", "har": "application/json", "md": "text/markdown; charset=utf-8"}
"""The media type of each ending."""
ENDINGS: Final = f"<any({', '.join(TYPES)}):ending>"


@blueprint.get(f"/flows/<wanted>.{ENDINGS}")
def export(wanted: str, ending: str) -> flask.Response:
    """The flow of that id, or that the request of that id is in."""
    flow = found(wanted)
    name = f"devidp-flow-{flow.id}"
    if ending == "md":
        return _markdown(report.report(flow), [each.event for each in flow.came], name)
    if ending == "har":
        return _json(har.archive(flow.events, _base()), name, ending)
    return _json(document.of_flows([flow], _base()), name, ending)


@blueprint.get(f"/flows/list.{ENDINGS}")
def export_list(ending: str) -> flask.Response:
    """Every page of what the list shows that is searched in the same way, oldest first."""
    search, now, known = Search.of(flask.request.args), shell.runtime().clock.now(), all_flows()
    name = f"devidp-{search.show or 'flows'}-{utc(now):%Y%m%d-%H%M%S}"
    if search.show == REQUESTS:
        steps = search.requests(known)[::-1]
        called = {flow.client: flow.client_name for flow in known}
        shown = [rows.of_request(step, called, now) for step in steps]
        events = [step.event for step in steps]
        content = document.of_requests(events, _base())
    else:
        flows = search.flows(known)[::-1]
        shown = [rows.of_flow(flow, now) for flow in flows]
        events = [event for flow in flows for event in flow.events]
        content = document.of_flows(flows, _base())
    if ending == "md":
        return _markdown(overview.overview(shown), events, name)
    if ending == "har":
        content = har.archive(sorted(events, key=lambda event: event.at), _base())
    return _json(content, name, ending)


def _base() -> str:
    return shell.runtime().config.public_url


def _json(content: dict[str, Any], name: str, ending: str) -> flask.Response:
    return _download(json.dumps(content, indent=2), name, ending)


def _markdown(text: str, events: Sequence[Event], name: str) -> flask.Response:
    """It goes to other people: the names of other hosts are in it only where ``?hosts=1`` asks for them."""
    hidden = text if flask.request.args.get("hosts") == "1" else Strangers(events, _base()).hide(text)
    return _download(hidden, name, "md")


def _download(body: str, name: str, ending: str) -> flask.Response:
    response = flask.Response(body, content_type=TYPES[ending], headers={"Cache-Control": "no-store"})
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    return response
