"""From an error to an answer: JSON for clients, a page for people, in one place for every way of dispatch."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from devidp.keys import KeyProblem
from devidp.oauth import errors
from devidp.oauth.difference import difference
from devidp.oauth.errors import OAuthError, quoted
from devidp.store import StoreError
from devidp.system.files import PrivateFileError
from devidp.system.hosts import Hosts
from devidp.web import beside, guard, pages
from devidp.web.asked import compared
from devidp.web.meant import OWN, meant, meant_of
from devidp.web.request import Request, body_too_large
from devidp.web.response import Response, json_response, page_response
from devidp.web.runtime import Runtime
from devidp.web.servable import StartError

RETRY_SECONDS = "5"
UNAVAILABLE = (StartError, StoreError, PrivateFileError, KeyProblem)
"""What says that the data folder cannot be used at this moment."""
logger = logging.getLogger("devidp")


def error_response(
    error: OAuthError, *, page: bool, home: str = "/", flow: str = "", developer: pages.Developer | None = None
) -> Response:
    """The one place that turns an error into an answer.

    A page leads to ``home``, and to its ``flow`` if any; ``developer`` is what it shows of the request.
    """
    if page:
        html = pages.error(
            title="The request was refused",
            reason=error.reason,
            remedy=error.remedy,
            section=error.section,
            status=error.http_status,
            details={"error": error.code},
            compared=difference(**compared(error)),
            flow=flow,
            home=home,
            developer=developer,
        )
        response = page_response(html, error.http_status)
    else:
        response = json_response(error.body(), error.http_status)
    response.headers.update(error.headers)
    if isinstance(error, errors.InvalidToken | errors.InsufficientScope) and not error.headers:
        # RFC 6750 section 3: what is wrong with a token is said in the header
        challenge = f'Bearer error="{error.code}", error_description="{error.description}"'
        response.headers["WWW-Authenticate"] = challenge
    return response


def flow_page(runtime: Runtime, request: Request, event_id: str) -> str:
    """Where whoever sends ``request`` can see what happened; empty for whom the dashboard is closed."""
    return f"{runtime.home}_devidp/flows/{event_id}" if guard.may_look(request, runtime.config.control_token) else ""


def as_oauth_error(error: Exception, request: Request) -> OAuthError:
    """What to tell the caller; the log has what only the developer of this machine may see."""
    if isinstance(error, OAuthError):
        return error
    if isinstance(error, HTTPException):
        return _from_http(error, request)
    if isinstance(error, UNAVAILABLE):
        logger.error("%s", error)
        return errors.TemporarilyUnavailable(
            "devidp cannot use its data at this moment",
            remedy="Try again; its log says what is wrong",
            headers={"Retry-After": RETRY_SECONDS},
        )
    logger.error("An internal error at %s %s", request.method, request.path, exc_info=error)
    return errors.ServerError("devidp failed: this is an internal error", remedy="Look at its log, and report it")


def _from_http(error: HTTPException, request: Request) -> OAuthError:
    """What Flask and Werkzeug refuse, in our words."""
    if isinstance(error, MethodNotAllowed):
        return method_not_allowed(request, error.valid_methods or ())
    make = _HTTP_ERRORS.get(error.code or 500)
    return make(request) if make else errors.InvalidRequest(error.description or error.name, status=error.code)


def method_not_allowed(request: Request, allowed: Iterable[str]) -> OAuthError:
    methods = sorted(set(allowed))
    useful = [method for method in methods if method not in ("HEAD", "OPTIONS")]
    return errors.MethodNotAllowed(
        f"{request.method} is not allowed at {quoted(request.path)}, expected {' or '.join(useful)}",
        remedy="Send the request with that method",
        headers={"Allow": ", ".join(methods)},
        got=request.method,
        expected=useful,
    )


def _nothing_there(request: Request) -> OAuthError:
    path, app = request.path, flask.current_app
    runtime: Runtime = app.extensions["devidp"]
    base = request.base(runtime.config.public_url)
    if path.startswith(OWN):
        urls = [f"{base}{each}" for each in meant_of(map(str, app.url_map.iter_rules()), path)]
        where = f"{base}{OWN}api/openapi.json describes the control API, {base}{OWN} is the dashboard"
    else:
        urls = meant(path, runtime.issuers)
        where = f"Look at {base}/ for the issuers, and at their discovery documents for the endpoints"
    if "//" in path:
        where = "Leave one of the two slashes out: an issuer that ends in one is followed by .well-known/… without one"
    elif urls:
        where = f"Did you mean {urls[0]}? {where}"
    return errors.NotFound(
        f"Nothing is served at {quoted(path)}",
        remedy=where,
        got=path,
        expected=[urlsplit(url).path for url in urls],
    )


_HTTP_ERRORS: dict[int, Callable[[Request], OAuthError]] = {
    404: _nothing_there,
    413: lambda _: body_too_large(),
}


def admit(hosts: Hosts, request: Request) -> None:
    """Raise InvalidRequest or MisdirectedRequest where it is not clear that ``request`` is meant for this server."""
    for name in ("Host", "Authorization"):
        # servers join the lines of a header that came more than once, and neither value may hold a comma
        if "," in request.headers.get(name, ""):
            raise errors.InvalidRequest(
                f"The header {name} came more than once", remedy="Send it once", section="RFC 9110 section 5.3"
            )
    authority = request.headers.get("Host") or None
    if authority is None and request.environ.get("SERVER_PROTOCOL") in ("HTTP/1.0", "HTTP/1"):
        return  # not a browser: it need not say, and cannot be led astray
    hosts.check(authority)


def wants_page(request: Request) -> bool:
    """Whether a refusal beside the endpoints is a page: for a browser that shows what it gets."""
    return "/.well-known/" not in request.path and "text/html" in request.headers.get("Accept", "")


def handle(error: Exception) -> Response:
    """The error handler of the application, for what is not an endpoint."""
    request = flask.request
    refusal = beside.note(as_oauth_error(error, request))  # type: ignore[arg-type]
    runtime: Runtime = flask.current_app.extensions["devidp"]
    flow = flow_page(runtime, request, beside.facts().id)  # type: ignore[arg-type]
    return error_response(refusal, page=wants_page(request), home=runtime.home, flow=flow)  # type: ignore[arg-type]
