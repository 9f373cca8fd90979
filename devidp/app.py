"""The Flask application: where the parts meet. What is served beside the issuers, and the issuers before all else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, cast

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WebMethodNotAllowed
from werkzeug.local import LocalProxy

from devidp import __version__, api, home, serving
from devidp.clock import Clock
from devidp.config import Config
from devidp.endpoints import METHODS, locate
from devidp.endpoints.exchange import json_response, page_response
from devidp.hosts import Hosts
from devidp.installation import Installation
from devidp.records import Seed
from devidp.seed import load, loads, shipped_path
from devidp.serving import MAX_BODY_BYTES, Incoming, Serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def create_app(config: Config, seed: Seed | None = None, clock: Clock | None = None) -> Flask:
    """A WSGI application that serves every issuer of ``seed``, or of the seed that ``config`` names.

    ``app.extensions["devidp"]`` is its Installation, ``app.extensions["devidp.serving"]`` what answers at the
    endpoints. Raises SeedError, InstallationError.
    """
    installation, hosts = Installation(config, configured_seed(config) if seed is None else seed, clock), Hosts(config)
    app = Flask("devidp", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.url_map.redirect_defaults = False
    app.url_map.merge_slashes = False
    endpoints = Serving(installation, hosts)
    app.extensions |= {"devidp": installation, "devidp.serving": endpoints}
    app.before_request(partial(_refuse_other_hosts, hosts))
    api.mount(app, installation)
    _mount_page(app, "/", lambda: page_response(home.page(installation)))
    _mount_page(app, "/health", lambda: json_response({"status": "ok", "version": __version__}))
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
        incoming = Incoming(environ)
        found = locate(incoming.path)
        if found is None:
            return self._flask(environ, start_response)
        return self._endpoints.respond(*found, incoming)(environ, start_response)


def _incoming() -> Request:
    return cast("LocalProxy[Request]", request)._get_current_object()


def _refuse_other_hosts(hosts: Hosts) -> Response | None:
    return serving.refused_host(hosts, _incoming())


def _mount_page(app: Flask, path: str, answer: Callable[[], Response]) -> None:
    """Serve ``answer`` at ``path``, beside the issuers, to GET."""

    def view() -> Response:
        if request.method not in ("GET", "HEAD"):
            raise WebMethodNotAllowed(("GET", "HEAD"))
        return answer()

    app.add_url_rule(path, path, view, methods=METHODS, provide_automatic_options=False)


def _http_error(error: HTTPException) -> Response:
    """What Flask refuses."""
    response = serving.error_response(serving.refusal_of(error, _incoming()), page=serving.for_people(_incoming()))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    return serving.defect(error, _incoming())
