"""The pages about flows: the list, and one flow as a sequence diagram."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

import flask
from flask import Blueprint

from devidp.dashboard import paging, shell
from devidp.dashboard.flows import curl, rows
from devidp.dashboard.flows.current import all_flows, found
from devidp.dashboard.flows.diagram import diagram
from devidp.dashboard.flows.hints import hint, such
from devidp.dashboard.flows.search import REQUESTS, Search
from devidp.dashboard.flows.trace import OUTCOMES, seconds_to_the_next
from devidp.issuer.issuer import Issuer
from devidp.models.first_token import first_token

blueprint = Blueprint("flows", __name__)


@blueprint.get("/")
def index() -> flask.Response:
    """Attempts or single requests, newest first."""
    query, now = flask.request.args, shell.runtime().clock.now()
    search, flows = Search.of(query), all_flows()
    issuer = shell.runtime().first()
    if search.show == REQUESTS:
        requests = paging.page(search.requests(flows), query.get("page"))
        called = {flow.client: flow.client_name for flow in flows}
        shown = [rows.of_request(each, called, now) for each in requests.shown]
        page = paging.Page(shown, requests.number, requests.total)
    else:
        attempts = paging.page(search.flows(flows), query.get("page"))
        page = paging.Page([rows.of_flow(each, now) for each in attempts.shown], attempts.number, attempts.total)
    return shell.render(
        "dashboard/flows/list.html",
        search=search,
        listed=partial(_address, search),
        downloaded=partial(_download, search),
        page=page,
        outcomes=OUTCOMES,
        endpoints=sorted({step.event.endpoint for flow in flows for step in flow.steps}),
        due=seconds_to_the_next(flows, now),
        issuer=issuer.url,
        first=_first_attempt(issuer),
    )


@blueprint.get("/flows/<id_>")
def show(id_: str) -> flask.Response:
    """What came, in which order, and what never came."""
    now, flows = shell.runtime().clock.now(), all_flows()
    flow = found(id_, flows)
    drawn = diagram(flow, flask.request.args.get("page"), id_)
    return shell.render(
        "dashboard/flows/flow.html",
        flow=flow,
        diagram=drawn,
        commands=curl.commands((row.event for row in drawn.rows), shell.runtime().config.public_url),
        hint=hint(flow, flows),
        such=such(flow),
        started=rows.moment(flow.started, now),
        row=rows.of_flow(flow, now),
        due=seconds_to_the_next([flow], now),
    )


def _address(search: Search, **changes: str | int) -> str:
    """Of the list that is searched in the same way but for ``changes``."""
    query = {name: value for name, value in {**search.query, **changes}.items() if value}
    # not by url_for, which has a parameter of its own called endpoint
    return f"{flask.url_for('flows.index')}?{urlencode(query)}" if query else flask.url_for("flows.index")


def _download(search: Search, ending: str, **more: str | int) -> str:
    """Of all pages of that list."""
    query = {name: value for name, value in {**search.query, **more}.items() if value}
    address = flask.url_for("flows.export_list", ending=ending)
    return f"{address}?{urlencode(query)}" if query else address


def _first_attempt(issuer: Issuer) -> str:
    """A command that is an attempt: for a token where a client gets one for itself, otherwise for the metadata."""
    found = first_token(issuer.settings, shell.runtime().config.public_url, secrets=True)
    return found or f"curl -s {issuer.addresses.of('openid-configuration')}"
