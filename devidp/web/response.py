"""What endpoints answer with: Flask's response, in the few forms that the specifications know."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import flask

from devidp.protocol import AuthorizationResponse, response_mode
from devidp.web import pages
from devidp.web.request import JSON_TYPE, Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MAX_AGE = 60
"""Seconds: long enough for caches to be exercised, short enough for a developer who edits the seed."""


class Response(flask.Response):
    """The response class of the application: a body without a declared type is not HTML."""

    default_mimetype = None
    members: Iterable[str] = ()
    """The names in a JSON body, for its event."""
    answer: AuthorizationResponse | None = None
    """What it brings to a client, where it does."""

    def get_app_iter(self, environ: WSGIEnvironment) -> Iterable[bytes]:
        """A whole body as a list: granian sends that at once, and streams the iterator that Werkzeug makes of it."""
        body = super().get_app_iter(environ)
        return list(body) if self.is_sequence and not self._on_close else body


def json_response(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer that nobody may keep (RFC 6749 section 5.1)."""
    response = Response(json.dumps(body), status, {"Content-Type": JSON_TYPE, **NO_STORE, **(headers or {})})
    response.members = body
    return response


def page_response(html: str, status: int = 200, frames: Iterable[str] = ()) -> Response:
    """A page; ``frames`` are the addresses that it may load."""
    return Response(html, status, pages.headers(frames))


def redirect_response(location: str) -> Response:
    """See Other: a browser that has just posted a password goes on with GET (RFC 9700 section 4.12)."""
    return Response(status=303, headers={**NO_STORE, "Location": location, "Referrer-Policy": "no-referrer"})


def response_to_client(answer: AuthorizationResponse) -> Response:
    """What goes to the client by way of the browser, in the response mode of ``answer``."""
    if answer.mode not in response_mode.PAGES:
        response = redirect_response(answer.location())
    else:
        page = pages.form_post if answer.mode == response_mode.FORM_POST else pages.web_message
        html, headers = page(answer.redirect_uri, answer.parameters)
        response = Response(html, headers=dict(headers))
    response.answer = answer
    return response


def document_response(body: bytes, request: Request, content_type: str) -> Response:
    """A document that stays the same until something changes, or 304 where the client has it (RFC 9110 13.1.2)."""
    response = Response(body, headers={"Content-Type": content_type, "Cache-Control": f"public, max-age={MAX_AGE}"})
    response.set_etag(sha256(body).hexdigest()[:32])
    response.make_conditional(request.environ)
    return response
