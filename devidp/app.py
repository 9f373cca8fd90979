"""The Flask application: where the parts meet. Routes, the one error handler, and the event of each request."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WebMethodNotAllowed
from werkzeug.exceptions import NotFound as WebNotFound
from werkzeug.local import LocalProxy

from devidp import __version__, api
from devidp.clock import Clock
from devidp.config import Config
from devidp.endpoints import METHODS, Endpoint, locate
from devidp.endpoints.exchange import Exchange, answer_response, json_response, page_response
from devidp.files import PrivateFileError
from devidp.hosts import Hosts
from devidp.installation import Installation
from devidp.keys import KeyProblem
from devidp.later import later
from devidp.oauth import errors
from devidp.oauth.errors import OAuthError, printable, quoted
from devidp.protocol import RedirectedError, Server
from devidp.records import Event, Seed
from devidp.seed import load, loads, shipped_path
from devidp.store import StoreError

if TYPE_CHECKING:
    from devidp import failing, home, pages
else:
    failing, home, pages = later("devidp.failing"), later("devidp.home"), later("devidp.pages")

MAX_BODY_BYTES = 256 * 1024
CORS_HEADERS = "authorization, content-type, dpop, mcp-protocol-version"
PREFLIGHT_SECONDS = "600"
RETRY_SECONDS = "5"
logger = logging.getLogger("devidp")


def create_app(config: Config, seed: Seed | None = None, clock: Clock | None = None) -> Flask:
    """A WSGI application that serves every issuer of ``seed``, or of the seed that ``config`` names.

    ``app.extensions["devidp"]`` is its Installation. Raises SeedError, InstallationError.
    """
    installation = Installation(config, configured_seed(config) if seed is None else seed, clock)
    app = Flask("devidp", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.url_map.redirect_defaults = False
    app.url_map.merge_slashes = False
    app.extensions["devidp"] = installation
    app.before_request(partial(_refuse_other_hosts, Hosts(config)))
    _mount(app, installation)
    api.mount(app, installation)
    _mount_page(app, "/", lambda: page_response(home.page(installation)))
    _mount_page(app, "/health", lambda: json_response({"status": "ok", "version": __version__}))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
    return app


def configured_seed(config: Config) -> Seed:
    """The seed that ``config`` names, or the shipped one; raises SeedError."""
    if config.seed_text is not None:
        return loads(config.seed_text, "DEVIDP_SEED_YAML")
    return load(config.seed_path or shipped_path())


def _refuse_other_hosts(hosts: Hosts) -> Response | None:
    environ = request.environ
    authority = environ.get("HTTP_HOST")
    if authority is None and environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return None  # what is no browser: it need not say, and cannot be led astray
    try:
        hosts.check(authority)
    except OAuthError as refusal:
        logger.warning("REFUSED %s %s: %s", request.method, printable(request.path), refusal.description)
        return error_response(refusal, page=_for_people(request.path))
    return None


def _mount(app: Flask, installation: Installation) -> None:
    """Serve every endpoint by one rule: one for each would be half of the time that devidp takes to start."""

    def view(address: str) -> Response:
        incoming = cast("LocalProxy[Request]", request)._get_current_object()
        found = locate(f"/{address}")
        if found is None:
            raise WebNotFound
        each, path = found
        if incoming.method not in each.allowed:
            raise WebMethodNotAllowed(each.allowed)
        return _serve(installation, each, path, incoming)

    app.add_url_rule("/<path:address>", "endpoint", view, methods=METHODS, provide_automatic_options=False)


def _mount_page(app: Flask, path: str, answer: Callable[[], Response]) -> None:
    """Serve ``answer`` at ``path``, beside the issuers, to GET."""

    def view() -> Response:
        if request.method not in ("GET", "HEAD"):
            raise WebMethodNotAllowed(("GET", "HEAD"))
        return answer()

    app.add_url_rule(path, path, view, methods=METHODS, provide_automatic_options=False)


def _serve(installation: Installation, each: Endpoint, path: str, incoming: Request) -> Response:
    exchange = Exchange(incoming)
    error: OAuthError | None = None
    try:
        installation.follow()
        response = _answer(installation, each, path, exchange)
    except RedirectedError as redirected:
        error, response = redirected.error, answer_response(redirected.answer)
    except OAuthError as refusal:
        error, response = refusal, error_response(refusal, page=each.page)
    except (StoreError, PrivateFileError, KeyProblem) as problem:
        logger.error("%s", problem)
        error = _unavailable()
        response = error_response(error, page=each.page)
    except HTTPException as refused:
        error = _refusal(refused)
        response = error_response(error, page=each.page)
    if each.cors:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate, DPoP-Nonce"
    if incoming.method != "OPTIONS":
        _record(installation, each, path, exchange, response, error)
    return response


def _answer(installation: Installation, each: Endpoint, path: str, exchange: Exchange) -> Response:
    if exchange.request.method == "OPTIONS":
        return _preflight(each)
    server = installation.server_at(path)
    if server is None:
        raise errors.NotFound(
            f"There is no issuer at {quoted(path or '/')}",
            remedy=f"There are: {' '.join(server.issuer.url for server in installation.servers.values())}",
        )
    if not each.enabled(server.issuer):
        raise _switched_off(each, server)
    if installation.controls.current.failures:
        return failing.view(installation, each, server, exchange)
    return each.view(server, exchange)


def _unavailable() -> OAuthError:
    """What failed is said in the log: it names places of this machine."""
    return errors.TemporarilyUnavailable(
        "devidp cannot use its data folder at this moment",
        remedy="Try again; its log says what is wrong",
        headers={"Retry-After": RETRY_SECONDS},
    )


def _switched_off(each: Endpoint, server: Server) -> OAuthError:
    return errors.NotFound(
        f"The endpoint {each.name} is switched off at issuer {server.issuer.url}, and not in its metadata",
        remedy=f"Switch {quoted(each.feature)} on for the issuer in the seed",
    )


def _preflight(each: Endpoint) -> Response:
    return Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": ", ".join(each.methods),
            "Access-Control-Allow-Headers": CORS_HEADERS,
            "Access-Control-Max-Age": PREFLIGHT_SECONDS,
        },
    )


def error_response(error: OAuthError, *, page: bool) -> Response:
    """The one place that turns an error into an answer: JSON for clients, a page for people."""
    if page:
        response = page_response(
            pages.error(
                title="The request was refused",
                reason=error.reason,
                remedy=error.remedy,
                section=error.section,
                status=error.http_status,
                details={"error": error.code},
            ),
            error.http_status,
        )
    else:
        response = json_response(error.body(), error.http_status)
    response.headers.extend(error.headers)
    if isinstance(error, errors.InvalidToken | errors.InsufficientScope) and not error.headers:
        # RFC 6750 section 3: what is wrong with a token is said in the header
        challenge = f'Bearer error="{error.code}", error_description="{error.description}"'
        response.headers["WWW-Authenticate"] = challenge
    return response


def _record(
    installation: Installation, each: Endpoint, path: str, exchange: Exchange, response: Response,
    error: OAuthError | None,
) -> None:  # fmt: skip
    facts = exchange.facts
    installation.recorder.record(
        Event(
            endpoint=each.name,
            issuer=path.strip("/") or "/",
            status=response.status_code,
            at=installation.clock.now(),
            client=facts.client,
            user=facts.user,
            grant=facts.grant,
            scope=facts.scope,
            detail=facts.detail,
            outcome=facts.outcome,
            error=error.code if error else "",
            reason=error.reason if error else "",
            remedy=error.remedy if error else "",
            section=error.section if error else "",
            flow=facts.flow,
        )
    )


_HTTP_ERRORS: dict[int, Callable[[], OAuthError]] = {
    404: lambda: errors.NotFound(
        f"Nothing is served at {quoted(request.path)}",
        remedy=f"Look at {request.host_url} for the issuers, and at their discovery documents for the endpoints",
    ),
    405: lambda: errors.MethodNotAllowed(
        f"{request.method} is not allowed at {quoted(request.path)}", remedy="Use the method of the specification"
    ),
    413: lambda: errors.ContentTooLarge(f"The body has more than {MAX_BODY_BYTES} bytes", remedy="Send less"),
}


def _refusal(error: HTTPException) -> OAuthError:
    make = _HTTP_ERRORS.get(error.code or 500)
    return make() if make else errors.InvalidRequest(error.description or error.name, status=error.code)


def _for_people(path: str) -> bool:
    """Whether a refusal at ``path`` is a page: where people come, and where nothing is served to a browser."""
    found = locate(path)
    if found is None:
        return "/.well-known/" not in path and "text/html" in request.headers.get("Accept", "")
    return found[0].page


def _http_error(error: HTTPException) -> Response:
    """What Flask refuses before an endpoint is reached."""
    response = error_response(_refusal(error), page=_for_people(request.path))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    """A defect of devidp: the log has the traceback, the client a proper answer."""
    logger.error("A defect of devidp at %s %s", request.method, request.path, exc_info=error)
    refusal = errors.ServerError("devidp failed: this is a defect of devidp", remedy="Look at its log, and report it")
    return error_response(refusal, page=_for_people(request.path))
