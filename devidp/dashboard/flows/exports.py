"""Downloads of a flow: as JSON, as an HTTP Archive, or as a report in Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence

import flask
from flask import Blueprint

from devidp import __version__
from devidp.dashboard import shell
from devidp.dashboard.flows import har, report, selection
from devidp.models import Event
from devidp.web.control.errors import UnknownName

blueprint = Blueprint("exports", __name__)
TYPES = {"json": "application/json", "har": "application/json", "md": "text/markdown; charset=utf-8"}
"""The media type of each ending."""
ENDINGS = f"<any({', '.join(TYPES)}):ending>"


@blueprint.get(f"/flows/<wanted>.{ENDINGS}")
def flow(wanted: str, ending: str) -> flask.Response:
    """One flow; the report names other hosts only where ``?hosts=1`` asks for that."""
    events = shell.control().events.since()[0]
    found = selection.of_flow(events, wanted)
    if not found:
        raise UnknownName("flow", wanted, [event.flow for event in events if event.flow])
    return _download(found, ending, f"devidp-flow-{wanted}.{ending}")


def _download(events: Sequence[Event], ending: str, name: str) -> flask.Response:
    response = flask.Response(_body(events, ending), content_type=TYPES[ending], headers={"Cache-Control": "no-store"})
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _body(events: Sequence[Event], ending: str) -> str:
    public_url = shell.runtime().config.public_url
    if ending == "md":
        return report.report(events, (), public_url, hosts=flask.request.args.get("hosts") == "1")
    if ending == "har":
        return json.dumps(har.archive(events, public_url), indent=2)
    return json.dumps(
        {"devidp": __version__, "public_url": public_url, "events": [each._asdict() for each in events]}, indent=2
    )
