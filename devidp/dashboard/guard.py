"""Who may see the dashboard: whoever may control devidp; from elsewhere after the control token was typed once."""

from __future__ import annotations

import hmac
from hashlib import sha256

import flask
from flask import Blueprint, session
from werkzeug.wrappers import Response

from devidp.dashboard import shell
from devidp.oauth.errors import AccessDenied
from devidp.web import guard

blueprint = Blueprint("guard", __name__)
ADMITTED = "admitted"
"""What the session says where the token was typed: a hash of it, for the next may be another."""
_OPEN = frozenset({"static", "live.style", "guard.ask", "guard.admit"})
"""What a browser needs to ask for the token."""


def check() -> Response | None:
    """Before every request; raises AccessDenied where no token would help."""
    request, token = flask.request, shell.runtime().config.control_token
    if not _is_opened(request):
        guard.check_page(request)
    elif request.headers.get("Sec-Fetch-Site") == "cross-site":
        # it comes without the cookie, which the answer would replace: nobody admitted any more, open forms lost
        return shell.render("dashboard/followed.html", address=f"{request.root_path}{_asked(request)}")
    if request.endpoint in _OPEN or (token is not None and session.get(ADMITTED) == _hash(token)):
        return None
    try:
        guard.check_caller(request, token)
    except AccessDenied:
        if token is None or "Authorization" in request.headers:
            raise
        back = _asked(request) if request.method == "GET" else "/"
        return flask.redirect(flask.url_for("guard.ask", next=back), 303)
    return None


@blueprint.get("/unlock")
def ask() -> flask.Response:
    """The page that asks for the token."""
    return shell.render("dashboard/control_token.html", next=flask.request.args.get("next", "/"), problem="")


@blueprint.post("/unlock")
def admit() -> Response:
    """Keep in this browser that the token was typed."""
    form, token = flask.request.form, shell.runtime().config.control_token or ""
    if not token or not hmac.compare_digest(form.get("token", "").strip().encode(), token.encode()):
        problem = "That is not the control token of this devidp. It is on the console, in the line Control."
        return shell.render("dashboard/control_token.html", 403, next=form.get("next", "/"), problem=problem)
    session[ADMITTED] = _hash(token)
    return flask.redirect(f"{flask.request.root_path}{_inside(form.get('next', '/'))}", 303)


def _is_opened(request: flask.Request) -> bool:
    """Whether a link was followed: whoever made the link cannot see what it opens, and it changes nothing."""
    seen = [request.headers.get(f"Sec-Fetch-{name}") for name in ("Mode", "Dest")]
    return request.method == "GET" and seen == ["navigate", "document"]


def _asked(request: flask.Request) -> str:
    """The path of the dashboard, with its query if it has one."""
    return request.full_path.removesuffix("?")


def _inside(path: str) -> str:
    """``path`` of the dashboard; its front page for whatever could lead elsewhere."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
