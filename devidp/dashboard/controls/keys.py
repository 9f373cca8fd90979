"""``/_devidp/controls/keys``: the signing keys of an issuer."""

from __future__ import annotations

from typing import Final

import flask
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from devidp.dashboard import calls, forms, shell
from devidp.dashboard.controls import instants
from devidp.dashboard.paging import page
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError
from devidp.web.control.keys import KeyControl, KeyInfo

blueprint = Blueprint("keys", __name__, url_prefix="/controls/keys")
KEYS = 15
"""How many are on a page: each has its calls."""
RING: Final = {
    "rotate": "A new key signs, and verifiers find it in the JWK Set",
    "rotate-late": "A new key signs that is not in the JWK Set yet: verifiers do not find it",
    "rotate-at-once": "A new key signs, and the old one has left the JWK Set: tokens of before are refused",
    "renew": "There is one new key, or that of the seed",
}
"""What is done to the keys of an issuer, and what is so then."""
ROTATIONS: Final = {
    "rotate": {},
    "rotate-late": {"publish": False},
    "rotate-at-once": {"overlap": False},
}
FLAGS: Final = {"rotate-late": ("--unpublished",), "rotate-at-once": ("--no-overlap",)}
KEY: Final = {
    "activate": "It signs now",
    "hide": "It has left the JWK Set",
    "publish": "It is in the JWK Set",
    "retire": "It has left the JWK Set, and is trusted no more",
    "delete": "It is forgotten",
}
"""What is done to one key, and what is so then."""


@blueprint.get("")
def index() -> flask.Response:
    """The keys of each issuer."""
    return _page(flask.request.args.get("issuer"))


@blueprint.post("")
def change() -> Response:
    """Do something to a key, or to all keys of an issuer."""
    form = flask.request.form
    issuer, action, kid = form.get("issuer", ""), form.get("action", ""), form.get("kid", "")
    try:
        _change(shell.control().keys, issuer, action, kid)
    except ControlError as refusal:
        return _page(issuer, str(refusal), 400)
    forms.notice(RING[action] if action in RING else f"{KEY[action]}: {kid}")
    return flask.redirect(url_for("keys.index", issuer=issuer), 303)


def _change(keys: KeyControl, issuer: str, action: str, kid: str) -> None:
    if action in ROTATIONS:
        keys.rotate(issuer, **ROTATIONS[action])
    elif action == "renew":
        keys.renew(issuer)
    elif action in KEY:
        getattr(keys, action)(kid, issuer)
    else:
        raise ControlError(f"got {action!r}, expected one of: {', '.join((*RING, *KEY))}")


def _page(issuer: str | None, problem: str = "", http_status: int = 200) -> flask.Response:
    runtime, control = shell.runtime(), shell.control()
    # the name in a refused form may be anybody's
    known = [each.name for each in runtime.issuers]
    chosen = issuers.named(runtime, issuer if issuer in known or not problem else None)
    listed = page(control.keys.list(chosen.name), flask.request.args.get("page"), KEYS)
    return shell.render(
        "dashboard/controls/keys.html",
        http_status,
        problem=problem,
        issuer=chosen.name,
        issuers=known,
        jwks_url=chosen.addresses.of("jwks"),
        paging=listed,
        keys=[(key, _possible(key), instants.date(key.created_at) if key.created_at else "") for key in listed.shown],
        ring_calls={action: _ring_calls(action, chosen.name) for action in RING},
        key_calls={key.kid: _key_calls(key, chosen.name) for key in listed.shown},
    )


def _possible(key: KeyInfo) -> list[str]:
    """What can be done to ``key``."""
    if key.state == "active":
        return ["hide" if key.published else "publish"]
    if key.state == "retired":
        return ["activate", "publish", "delete"]
    return ["activate", "hide" if key.published else "publish", "retire", "delete"]


def _ring_calls(action: str, issuer: str) -> tuple[str, str]:
    verb = action.partition("-")[0]
    return (
        calls.command("keys", verb, *FLAGS.get(action, ()), "--issuer", issuer),
        calls.call("POST", "/keys", action=verb, issuer=issuer, **ROTATIONS.get(action, {})),
    )


def _key_calls(key: KeyInfo, issuer: str) -> tuple[str, str]:
    """A line for each thing that can be done to ``key``."""
    possible = _possible(key)
    return (
        "\n".join(calls.command("keys", action, key.kid, "--issuer", issuer) for action in possible),
        "\n".join(calls.call("POST", "/keys", action=action, kid=key.kid, issuer=issuer) for action in possible),
    )
