"""``/_devidp/tokens``: make a token, sound or faulty, and explain any.

A token is in the body of a form and in the page that answers it: never in an address, which browsers and logs keep. So
these two forms are answered at once, without a redirect.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import flask
from flask import Blueprint
from werkzeug.datastructures import MultiDict

from devidp.dashboard import shell
from devidp.dashboard.size import LONGEST, fits
from devidp.dashboard.tokens import form, inspection, picks, result
from devidp.dashboard.tokens.catalogue import groups
from devidp.dashboard.tokens.lines import KEY_FILE, KEYS, lines, to_api
from devidp.dashboard.tokens.result import parts
from devidp.faults.decoding import explain, kinds
from devidp.faults.decoding.expected import RFC_9068, of
from devidp.faults.decoding.members import of_claims
from devidp.faults.minting import Minted
from devidp.issuer.issuer import Issuer
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError

blueprint = Blueprint("tokens", __name__, url_prefix="/tokens")
CHANGES = {"free", "lifetime", "not_before", "claims", "drop", "header", "drop_header", "key"}
"""Parameters that make a token which the issuer would not issue, or another than it would."""


@blueprint.get("")
def index() -> flask.Response:
    """The form, with what a link says: ``?user=alice&fault=expired``."""
    typed: MultiDict[str, str] = flask.request.args
    try:
        if form.read(typed).get("key", "active") not in KEYS:
            raise ControlError("key: a private key in an address is read by others; paste it below")
    except ControlError as refusal:
        typed = MultiDict((name, value) for name, value in typed.items(multi=True) if name != "key")
        return _mint_page(typed, problem=str(refusal), http_status=400)
    return _mint_page(typed)


@blueprint.post("")
def mint() -> flask.Response:
    """A token; or the form again, with whom a search has found."""
    typed: MultiDict[str, str] = MultiDict(flask.request.form)
    if "find" in typed:
        return _mint_page(typed, found=None if typed["find"] == "fault" else _found(typed))
    if "pick" in typed:
        field, _, value = typed["pick"].partition(":")
        typed.setlist(field, [value])
        return _mint_page(typed)
    try:
        parameters = form.read(typed)
        minted = shell.control().mint(called=_called(), **parameters)
    except ControlError as refusal:
        return _mint_page(typed, problem=str(refusal), http_status=400)
    return _mint_page(typed, minted=_minted(minted, parameters))


@blueprint.get("/inspect")
def ask() -> flask.Response:
    """The form for a token."""
    return _inspect_page({})


@blueprint.post("/inspect")
def inspect() -> flask.Response:
    """What there is to say about it."""
    typed = {name: flask.request.form.get(name, "") for name in inspection.FIELDS}
    if not typed["token"].strip():
        return _inspect_page(typed, problem="Paste a token first", http_status=400)
    try:
        found = inspection.inspect(shell.runtime(), typed)
    except ControlError as refusal:
        return _inspect_page(typed, problem=str(refusal), http_status=400)
    return _inspect_page(
        typed,
        found=found,
        introspected=json.dumps(dict(found.introspected or {}), indent=2)[:LONGEST],
        parts=parts(found.said),
        likenesses=result.likenesses([each.fault for each in (*found.said.findings, *found.said.own_findings)]),
    )


def _mint_page(
    typed: MultiDict[str, str], http_status: int = 200, *, problem: str = "", found: picks.Found | None = None,
    minted: dict[str, Any] | None = None,
) -> flask.Response:  # fmt: skip
    chosen = typed.getlist("fault")
    return shell.render(
        "dashboard/tokens/mint.html",
        http_status,
        problem=problem,
        typed=form.kept(typed),
        chosen=set(" ".join(chosen).split()),
        free=typed.get("free") in ("on", "true"),
        picks=picks.picks(shell.runtime().issuers, _issuer(typed)),
        found=found,
        groups=groups(typed.get("search", ""), typed.getlist("fault"), every=minted is None),
        search=typed.get("search", ""),
        minted=minted,
    )


def _inspect_page(typed: dict[str, str], http_status: int = 200, **values: Any) -> flask.Response:
    kept = {name: text for name, text in typed.items() if fits(text, 3 * LONGEST if name == "token" else LONGEST)}
    shown = {"problem": "", "found": None, "introspected": "", "parts": [], "likenesses": [], **values}
    return shell.render("dashboard/tokens/inspect.html", http_status, typed=typed, kept=kept, **shown)


def _found(typed: MultiDict[str, str]) -> picks.Found:
    field = "client" if typed["find"] == "client" else "user"
    return picks.search(_issuer(typed), field, typed.get(field, "").strip())


def _issuer(typed: MultiDict[str, str]) -> Issuer:
    """The one that is chosen; the first one where it is unknown, which minting says."""
    name = typed.get("issuer", "").strip() or None
    try:
        return issuers.named(shell.runtime(), name)
    except ControlError:
        return shell.runtime().first()


def _called() -> str:
    """By which name the browser has found devidp, for issuers that follow the host."""
    called: str = flask.request.called  # type: ignore[attr-defined]
    return called


def _minted(minted: Minted, parameters: dict[str, Any]) -> dict[str, Any]:
    issuer = issuers.called(shell.runtime(), parameters.get("issuer"), _called())
    shape = issuer.settings.access_token
    expected = RFC_9068 if shape is None else of(shape)
    said = explain(minted.token, issuer.keys.key_set(), issuer.clock.now(), issuer.url, expected)
    if said.kind == kinds.OPAQUE:
        claims = inspection.known(issuer, minted.token) or {}
        said = replace(said, claims=claims, claim_members=of_claims(claims, (), (), issuer.clock.seconds()))
    short = fits(minted.token)
    return {
        "token": minted.token,
        "short": short,
        "explanation": minted.explanation,
        "standing": "faulty" if minted.faults else "changed" if CHANGES & parameters.keys() else "sound",
        "parts": parts(said, minted.places),
        "places": minted.places,
        "likenesses": result.likenesses([fault.name for fault in minted.faults]),
        "lines": lines(parameters),
        "key_file": KEY_FILE,
        "curl": to_api(minted.token, said.claims.get("aud")) if short else "",
    }
