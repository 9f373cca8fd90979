"""The report of a run: in pages, each lack with its evidence, and as a file."""

from __future__ import annotations

from typing import Any

import flask
from werkzeug.wrappers import Response

from devidp.dashboard import paging, shell
from devidp.dashboard.judge.runs import Run
from devidp.dashboard.judge.views import blueprint, runs
from devidp.report import Report, page
from devidp.report.formats import WRITERS
from devidp.web import pages
from devidp.web.control.errors import UnknownName
from devidp.web.pages import environment

FORMATS = {
    "json": ("json", "application/json"),
    "html": ("html", "text/html; charset=utf-8"),
    "sarif": ("sarif.json", "application/sarif+json"),
    "junit": ("xml", "application/xml"),
    "markdown": ("md", "text/markdown; charset=utf-8"),
}
"""How the file of each ends, and its type."""
EVIDENCE = 15
"""Findings of one lack on a page: each has what was sent and what came back."""
CHECKS = 100
"""On a page."""


@blueprint.get("/runs/<run_id>/report")
def report(run_id: str) -> Response:
    """What is wrong, the worst first, in pages."""
    run, made = _reported(run_id)
    shown = paging.page(page.lacks(made), flask.request.args.get("page"))
    return _of_report("report", run, lacks=shown, formats=FORMATS)


@blueprint.get("/runs/<run_id>/findings/<int:number>")
def findings(run_id: str, number: int) -> Response:
    """What one lack lets happen, with the evidence, and what to change; ``number`` counts from 1."""
    run, made = _reported(run_id)
    lacks = page.lacks(made)
    if not 0 < number <= len(lacks):
        raise UnknownName("finding", number, map(str, range(1, len(lacks) + 1)))
    lack = lacks[number - 1]
    shown = paging.page(lack.findings, flask.request.args.get("page"), EVIDENCE)
    return _of_report("findings", run, lack=lack, shown=shown, number=number)


@blueprint.get("/runs/<run_id>/checks")
def checks(run_id: str) -> Response:
    """Everything that was tried."""
    run, outcome = runs().find(run_id), flask.request.args.get("outcome", "")
    made = [each for each in run.checks if outcome in ("", each.outcome)]
    shown = paging.page(made, flask.request.args.get("page"), CHECKS)
    return _of_report("checks", run, shown=shown, outcome=outcome)


@blueprint.get("/runs/<run_id>/report.<any(json, html, sarif, junit, markdown):form>")
def download(run_id: str, form: str) -> Response:
    """The report as a file."""
    run, made = _reported(run_id)
    text = made.to_json() if form == "json" else WRITERS[form](made, None)
    ending, content_type = FORMATS[form]
    response = flask.Response(pages.encodable(text), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="devidp-{run.kind}-{run.id}.{ending}"'
    return response


@blueprint.get("/report.css")
def style() -> Response:
    """The stylesheet of reports."""
    response = flask.Response(environment.stylesheet("report.css"), content_type="text/css; charset=utf-8")
    response.add_etag()
    return response.make_conditional(flask.request)


def _reported(run_id: str) -> tuple[Run, Report]:
    """Raises UnknownName."""
    run = runs().find(run_id)
    if run.report is None:
        raise UnknownName("report of the run", run_id, [each.id for each in runs() if each.report])
    return run, run.report


def _of_report(template: str, run: Run, **values: Any) -> flask.Response:
    summary = page.summary(run.report) if run.report else {"inline": page.inline}
    return shell.render(f"dashboard/judge/{template}.html", run=run, **summary, **values)
