"""Downloads of a flow: as JSON, as an HTTP Archive, or as a report in Markdown."""

from __future__ import annotations

import json

import flask

from devidp.dashboard import shell
from devidp.dashboard.flows import document, har, report
from devidp.dashboard.flows.current import found
from devidp.dashboard.flows.trace import Flow
from devidp.dashboard.flows.views import blueprint

TYPES = {"json": "application/json", "har": "application/json", "md": "text/markdown; charset=utf-8"}
"""The media type of each ending."""


@blueprint.get(f"/flows/<wanted>.<any({', '.join(TYPES)}):ending>")
def export(wanted: str, ending: str) -> flask.Response:
    """The flow of that id; the report names other hosts only where ``?hosts=1`` asks for that."""
    flow = found(wanted)
    response = flask.Response(_body(flow, ending), content_type=TYPES[ending], headers={"Cache-Control": "no-store"})
    response.headers.set("Content-Disposition", "attachment", filename=f"devidp-flow-{flow.id}.{ending}")
    return response


def _body(flow: Flow, ending: str) -> str:
    public_url = shell.runtime().config.public_url
    if ending == "md":
        return report.report(flow, public_url, hosts=flask.request.args.get("hosts") == "1")
    shown = har.archive(flow.events, public_url) if ending == "har" else document.document(flow, public_url)
    return json.dumps(shown, indent=2)
