"""The page at ``/_devidp``: what users are asked on their other devices, and the buttons that answer."""

from __future__ import annotations

import flask

from devidp.web import pages
from devidp.web.api import guard
from devidp.web.control import issuers
from devidp.web.control.errors import ControlError
from devidp.web.control.pushes import Pushes
from devidp.web.request import Request
from devidp.web.response import Response, page_response
from devidp.web.runtime import Runtime


def respond(runtime: Runtime) -> Response:
    """For those who may use the control API."""
    request: Request = flask.request  # type: ignore[assignment]
    guard.check(request, runtime.config.control_token)
    runtime.follow()
    pushes, answered = Pushes(runtime), ""
    if request.method == "POST":
        form = request.form_parameters()
        try:
            pushes.decide(form.required("decision", ""), id=form.required("id", ""))
            answered = "Answered. Continue on the login page."
        except ControlError:
            answered = "That question waits no longer."
    waiting = []
    for push in pushes.waiting():
        issuer = issuers.named(runtime, push.issuer)
        user, client = issuer.user(push.user), issuer.client(push.client)
        if user is not None:
            waiting.append(pages.ShownPush(push.id, issuer.url, user, client.name if client else push.client))
    return page_response(pages.pushes(request.path, waiting, answered))
