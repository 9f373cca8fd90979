"""``/_devidp/connect``: the addresses of an issuer, the set-up of each client and framework, and whether one calls."""

from __future__ import annotations

import re
from typing import Any

import flask
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from devidp.connect import CLIENTS, DEMO, Target
from devidp.connect.tutorials import PAGES, read
from devidp.dashboard import calls, shell
from devidp.dashboard.connect import metadata
from devidp.dashboard.connect.waiting import called
from devidp.dashboard.flows import rows
from devidp.dashboard.flows.trace import seconds_to_the_next
from devidp.issuer.issuer import Issuer
from devidp.system.urls import normal_url
from devidp.web.control.errors import UnknownName
from devidp.web.control.issuers import named
from devidp.web.runtime import Runtime

blueprint = Blueprint("connect", __name__, url_prefix="/connect")
CHOICES = ("issuer", "client", "framework", "url", "name", "after")
"""The parameters of the address: each link changes one of them."""
_CURSOR = re.compile("[0-9]{1,20}")


@blueprint.get("")
def index() -> Response:
    """The first look becomes one that says since when a client is waited for, so that a reload asks the same."""
    runtime, query = shell.runtime(), flask.request.args
    chosen: dict[str, Any] = {name: query[name] for name in CHOICES if name in query}
    if not _CURSOR.fullmatch(chosen.get("after", "")):
        chosen["after"] = runtime.event_log.since()[1]
        return flask.redirect(url_for(".index", **chosen), 303)
    issuer = named(runtime, chosen.get("issuer"))
    events, _ = runtime.event_log.since(int(chosen["after"]))
    now = runtime.clock.now()
    flow = called(events, issuer.name, now)
    shown = {**_client(chosen), **_framework(runtime, issuer, chosen)}
    return shell.render(
        "dashboard/connect/index.html",
        400 if shown["problem"] else 200,
        **shown,
        chosen={**chosen, "issuer": issuer.name},
        issuer=issuer,
        issuers=[each.name for each in runtime.issuers],
        kept={name: value for name, value in chosen.items() if name != "issuer"},
        known=metadata.of(runtime.servers[issuer.name]),
        flow=flow,
        row=rows.of_flow(flow, now) if flow else None,
        due=seconds_to_the_next([flow], now) if flow else None,
    )


def _client(chosen: dict[str, str]) -> dict[str, Any]:
    """What brings an MCP client to a server; with the problem of what was typed, and an example in its place."""
    client = _one_of("client", chosen.get("client", next(iter(CLIENTS))), CLIENTS)
    target, problem = DEMO, ""
    try:
        target = Target(normal_url(chosen.get("url", DEMO.url).strip()), chosen.get("name", "").strip() or DEMO.name)
    except ValueError as error:
        problem = str(error)
    return {
        "clients": {name: recipe.title for name, recipe in CLIENTS.items()},
        "client": client,
        "recipe": CLIENTS[client],
        "target": target,
        "typed": {"url": chosen.get("url", target.url), "name": chosen.get("name", target.name)},
        "problem": problem,
        "command": calls.elsewhere("connect", client, "--url", target.url, "--name", target.name),
    }


def _framework(runtime: Runtime, issuer: Issuer, chosen: dict[str, str]) -> dict[str, Any]:
    framework = _one_of("framework", chosen.get("framework", next(iter(PAGES))), PAGES)
    tutorial = read(framework, runtime.config.public_url, issuer.url)
    return {
        "frameworks": {name: title for name, (title, _) in PAGES.items()},
        "framework": framework,
        "tutorial": tutorial,
        "has_client": not tutorial.client or tutorial.client in issuer.settings.clients,
    }


def _one_of(what: str, name: str, known: Any) -> str:
    """Raises UnknownName."""
    if name not in known:
        raise UnknownName(what, name, known)
    return name
