"""The Flask application: where the parts meet. What is served beside the issuers, and the issuers before all else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WebMethodNotAllowed

from devidp import __version__, serving, wsgi
from devidp.messages import MAX_BODY_BYTES, Received, Reply, json_reply
from devidp.models import Seed
from devidp.models.config import Config
from devidp.oauth import errors
from devidp.oauth.errors import OAuthError, quoted
from devidp.seed import load, loads, shipped_path
from devidp.serving import Serving
from devidp.system.clock import Clock
from devidp.system.hosts import Hosts
from devidp.web import api, home
from devidp.web.endpoints import METHODS, locate
from devidp.web.endpoints.exchange import page_reply
from devidp.web.runtime import Runtime

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def create_app(config: Config, seed: Seed | None = None, clock: Clock | None = None) -> Flask:
    """A WSGI application that serves every issuer of ``seed``, or of the seed that ``config`` names.

    ``app.extensions["devidp"]`` is its Runtime, ``app.extensions["devidp.serving"]`` what answers at the
    endpoints. Raises SeedError, StartError.
    """
    runtime, hosts = Runtime(config, configured_seed(config) if seed is None else seed, clock), Hosts(config)
    runtime.open()
    app = Flask("devidp", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.url_map.redirect_defaults = False
    app.url_map.merge_slashes = False
    endpoints = Serving(runtime, hosts)
    app.extensions |= {"devidp": runtime, "devidp.serving": endpoints}
    app.before_request(partial(_refuse_other_hosts, hosts))
    api.mount(app, runtime)
    _mount_page(app, "/", lambda: page_reply(home.page(runtime)))
    _mount_page(app, "/health", lambda: json_reply({"status": "ok", "version": __version__}))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)
    app.wsgi_app = _EndpointsFirst(endpoints, app.wsgi_app)  # type: ignore[method-assign]
    return app


def configured_seed(config: Config) -> Seed:
    """The seed that ``config`` names, or the shipped one; raises SeedError."""
    if config.seed_text is not None:
        return loads(config.seed_text, "DEVIDP_SEED_YAML")
    return load(config.seed_path or shipped_path())


class _EndpointsFirst:
    """What is for an endpoint goes there, the rest to Flask."""

    def __init__(self, endpoints: Serving, flask: WSGIApplication) -> None:
        self._endpoints = endpoints
        self._flask = flask

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found = locate(wsgi.path_of(environ))
        if found is None:
            return self._flask(environ, start_response)
        request = wsgi.received(environ)
        return wsgi.send(self._endpoints.respond(*found, request), request.method, start_response)


def _received() -> Received:
    """The request that Flask serves, without its body."""
    return Received(
        request.method,
        request.path,
        wsgi.headers_of(request.environ),
        scheme=request.scheme,
        version=request.environ.get("SERVER_PROTOCOL", ""),
    )


def _refuse_other_hosts(hosts: Hosts) -> Response | None:
    refusal = serving.refused_host(hosts, _received())
    return None if refusal is None else wsgi.flask_response(refusal)


def _mount_page(app: Flask, path: str, answer: Callable[[], Reply]) -> None:
    """Serve ``answer`` at ``path``, beside the issuers, to GET."""

    def view() -> Response:
        if request.method not in ("GET", "HEAD"):
            raise WebMethodNotAllowed(("GET", "HEAD"))
        return wsgi.flask_response(answer())

    app.add_url_rule(path, path, view, methods=METHODS, provide_automatic_options=False)


_HTTP_ERRORS: dict[int, Callable[[Received], OAuthError]] = {
    404: lambda received: errors.NotFound(
        f"Nothing is served at {quoted(received.path)}",
        remedy=f"Look at {received.scheme}://{received.host}/ for the issuers, "
        "and at their discovery documents for the endpoints",
    ),
    405: serving.method_not_allowed,
    413: lambda _: errors.ContentTooLarge(f"The body has more than {MAX_BODY_BYTES} bytes", remedy="Send less"),
}


def _http_error(error: HTTPException) -> Response:
    """What Flask refuses, in our words."""
    received = _received()
    make = _HTTP_ERRORS.get(error.code or 500)
    refusal = make(received) if make else errors.InvalidRequest(error.description or error.name, status=error.code)
    reply = serving.error_reply(refusal, page=serving.for_people(received))
    reply.headers |= {name: value for name, value in error.get_headers() if name == "Allow"}
    return wsgi.flask_response(reply)


def _unexpected(error: Exception) -> Response:
    return wsgi.flask_response(serving.defect(error, _received()))
