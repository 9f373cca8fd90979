"""``/_devidp/controls/clients``: those of the seed, those that registered themselves, and those with a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from devidp.dashboard import calls, forms, shell
from devidp.dashboard.controls import instants, state
from devidp.dashboard.paging import PAGE_SIZE, page
from devidp.dashboard.people import client_actions, client_list, client_page, typed
from devidp.dashboard.people.client_actions import ACTIONS
from devidp.web.control.errors import ControlError

blueprint = Blueprint("clients", __name__, url_prefix="/controls/clients")
Form = Mapping[str, str]


@blueprint.get("")
def index() -> flask.Response:
    """Those of the seed, and those that were added."""
    wanted, runtime = _wanted(), shell.runtime()
    paging = page(client_list.find(runtime, wanted), flask.request.args.get("page"))
    return shell.render(
        "dashboard/people/clients.html",
        **_listed("index", wanted, paging),
        rows=[client_list.row(runtime, client_id) for client_id in paging.shown],
        changes=state.changes(shell.control(), "clients"),
        several=len(runtime.issuers) > 1,
    )


@blueprint.post("")
def restore() -> Response:
    """Bring back one of the seed that was deleted."""
    client_id = flask.request.form.get("client_id", "")
    shell.control().clients.reset(client_id)
    forms.notice(f"{client_id} is as the seed has it")
    return _to(client_id, None)


@blueprint.get("/registered")
def registered() -> flask.Response:
    """Those that registered themselves, the newest first."""
    wanted, clients = _wanted(), shell.control().clients
    place = page(range(clients.count_registered(wanted)), flask.request.args.get("page"))
    found = clients.registered(wanted, limit=PAGE_SIZE, offset=(place.number - 1) * PAGE_SIZE)
    return shell.render(
        "dashboard/people/registered_clients.html",
        **_listed("registered", wanted, place),
        rows=[(each, instants.date(each.registered_at)) for each in found],
        same=(
            calls.command("clients", "registered", *([wanted] if wanted else [])),
            calls.call("GET", "/registrations", **({"part": wanted} if wanted else {})),
        ),
    )


@blueprint.get("/documents")
def documents() -> flask.Response:
    """URLs that came as client ids."""
    wanted = _wanted()
    paging = page(client_list.by_document(shell.control(), wanted), flask.request.args.get("page"))
    return shell.render("dashboard/people/client_documents.html", **_listed("documents", wanted, paging))


@blueprint.get("/new")
def new() -> flask.Response:
    """The form of a client that is not there yet."""
    return _new_page({"kind": "public", "entry": "{}"})


@blueprint.post("/new")
def add() -> Response:
    """A client with what the fields and the JSON say."""
    form = flask.request.form
    client_id, issuer = form.get("client_id", "").strip(), form.get("issuer") or None
    try:
        if not client_id:
            raise ControlError("client_id: got nothing, expected an id such as my-app")
        entry = typed.json_object(form.get("entry", ""), "settings") | _fields(form)
        shell.control().clients.add(client_id, issuer=issuer, **entry)
    except ControlError as refusal:
        return _new_page(form, str(refusal), 400)
    forms.notice(f"{client_id} was added")
    return _to(client_id, issuer)


@blueprint.get("/one")
def show() -> flask.Response:
    """Everything about one client."""
    args = flask.request.args
    return _page(args.get("client_id", ""), args.get("issuer") or None)


@blueprint.post("/one")
def change() -> Response:
    """What the button that was pressed says."""
    form = flask.request.form
    client_id, issuer, action = form.get("client_id", ""), form.get("issuer") or None, form.get("action", "")
    client = shell.control().clients[client_id]
    try:
        if action not in ACTIONS:
            raise ControlError(f"got {action!r}, expected one of: {', '.join(ACTIONS)}")
        forms.notice(ACTIONS[action](client, issuer, form))
    except ControlError as refusal:
        return _page(client_id, issuer, form, str(refusal), 400)
    return _to(None if action == "delete" else client_id, issuer)


def _fields(form: Form) -> dict[str, Any]:
    """What is said by fields of their own; an empty one says nothing."""
    said: dict[str, Any] = {"public": True} if form.get("kind") == "public" else {"secret": form.get("secret") or None}
    if name := form.get("name", "").strip():
        said["name"] = name
    if uris := form.get("redirect_uris", "").split():
        said["redirect_uris"] = uris
    return said


def _wanted() -> str:
    return flask.request.args.get("q", "").strip()


def _listed(view: str, wanted: str, paging: Any) -> dict[str, Any]:
    return {
        "here": view,
        "wanted": wanted,
        "paging": paging,
        "address": lambda number: url_for(f"clients.{view}", q=wanted or None, page=number),
    }


def _to(client_id: str | None, issuer: str | None) -> Response:
    """See the page of the client, or the list."""
    where = url_for("clients.show", client_id=client_id, issuer=issuer) if client_id else url_for("clients.index")
    return flask.redirect(where, 303)


def _page(
    client_id: str, issuer: str | None, form: Form | None = None, problem: str = "", http_status: int = 200
) -> flask.Response:
    view = client_page.view(shell.control(), client_id, issuer)
    values = {"name": view.client.name, "redirect_uris": "\n".join(view.redirect_uris),
              "entry": typed.written(view.entry)}  # fmt: skip
    if form is not None:
        values |= {name: form[name] for name in values if name in form}
    return shell.render(
        "dashboard/people/client.html",
        http_status,
        client=view,
        values=values,
        problem=problem,
        refused=form.get("action", "") if form is not None else "",
        same=client_actions.same_as(view),
    )


def _new_page(values: Form, problem: str = "", http_status: int = 200) -> flask.Response:
    names = ("client_id", "issuer", "name", "redirect_uris", "kind", "entry")
    client_id = values.get("client_id") or "my-app"
    example: dict[str, Any] = {"public": True, "redirect_uris": ["http://localhost:5173/callback"]}
    return shell.render(
        "dashboard/people/new_client.html",
        http_status,
        values={name: values.get(name, "") for name in names},
        problem=problem,
        issuers=[each.name for each in shell.runtime().issuers],
        same=(
            calls.command("clients", "add", *calls.argument(client_id), *calls.keys(**example)),
            calls.call("POST", "/clients", client_id=client_id, **example),
        ),
    )
