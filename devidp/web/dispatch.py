"""From a request to an endpoint: Flask's map, with the issuers of the seed in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import flask
from flask import Flask
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, Rule

from devidp.models.addresses import seed_hosts, seed_names
from devidp.oauth.errors import MisdirectedRequest
from devidp.system.hosts import ANY, Hosts
from devidp.web import beside
from devidp.web.endpoint_view import EndpointView
from devidp.web.errors import admit, as_oauth_error, error_response
from devidp.web.housekeeping import Housekeeper
from devidp.web.kept_documents import KeptDocuments
from devidp.web.request import Request
from devidp.web.response import Response
from devidp.web.routes import HOST, MatchedRule, base_paths, issuer_routes, url_map
from devidp.web.runtime import Runtime
from devidp.web.servable import StartError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class _NoSessions(SessionInterface):
    """Flask's own sessions are off: the cookies of an issuer are ``devidp.web.endpoints.browser``'s."""

    def open_session(self, app: Flask, request: flask.Request) -> SessionMixin | None:
        return self.make_null_session(app)


class Application(Flask):
    """Flask, with the issuers of the seed in its map."""

    request_class = Request
    response_class = Response
    url_rule_class = MatchedRule
    session_interface = _NoSessions()

    hosts: Hosts

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("devidp", static_folder=None, template_folder=None)
        self.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
        self.extensions["devidp"] = runtime
        self.runtime = runtime
        self._own_hosts: frozenset[str] = frozenset()
        self._beside: list[Rule] = []
        """Of the landing page, the control API, and what else belongs to no issuer."""
        self._documents = KeptDocuments(runtime, self.wsgi_app)
        self.wsgi_app = self._documents  # type: ignore[method-assign]

    def admit(self) -> None:
        """Before every view that is not an endpoint, as ``EndpointView.respond`` does it for those."""
        request: Request = flask.request  # type: ignore[assignment]
        beside.facts()
        self.check_host(request)
        request.body  # noqa: B018

    def check_host(self, request: Request) -> None:
        """Raise MisdirectedRequest or InvalidRequest for what is not clearly meant for this server."""
        try:
            admit(self.hosts, request)
        except MisdirectedRequest:
            self.runtime.follow()  # another worker may have been told of the name
            admit(self.hosts, request)

    def forget_host(self, _: str | None, arguments: dict[str, str] | None) -> None:
        """No view needs the argument of a rule that is for every host."""
        (arguments or {}).pop(HOST, None)

    def map_issuers(self) -> None:
        """Replace the whole map: what was registered beside the issuers, and every endpoint of those of the seed."""
        self._beside = self._beside or list(self.url_map.iter_rules())
        config, issuers = self.runtime.config, self.runtime.seed.issuers
        self._own_hosts = seed_hosts(self.runtime.seed)
        self.hosts, bases = Hosts(config, seed_names(self.runtime.seed)), base_paths(config)
        routes = list(issuer_routes(issuers, bases))
        views = {
            route.name: EndpointView(self.runtime, self.check_host, self._documents, route.endpoint, route.issuer)
            for route in routes
        }
        self.view_functions = {**self.view_functions, **views}
        self.url_map = url_map([*(rule.empty() for rule in self._beside), *(route.rule for route in routes)], bases)

    def _view(self, rule: Rule) -> object:
        return self.view_functions.get(rule.endpoint)

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The one override of Flask's dispatch: an endpoint needs none of its contexts, so none are pushed.

        They cost 150 µs, half a signature. The view answers alike when Flask calls it.
        """
        request = Request(environ)
        try:
            if not self.runtime.is_open and self.runtime.open():
                Housekeeper(self.runtime).start()
        except StartError as error:
            return error_response(as_oauth_error(error, request), page=False)(environ, start_response)
        matched = self._match(request)
        if matched is None:
            self.runtime.follow()  # another worker may have been told of other addresses
            matched = self._match(request)
        rule, arguments = matched or (None, {})
        view = self._view(rule) if rule else None
        if not isinstance(view, EndpointView):
            return super().wsgi_app(environ, start_response)
        return view.respond(request, **_without_host(arguments))(environ, start_response)

    def _match(self, request: Request) -> tuple[Rule, Mapping[str, str]] | None:
        adapter, method = self.url_map.bind(self._host_of(request)), request.method
        try:
            try:
                return adapter.match(request.path, method, return_rule=True)
            except MethodNotAllowed as error:
                # the view refuses it in the form that its callers read
                return adapter.match(request.path, next(iter(error.valid_methods or ())), return_rule=True)
        except NotFound:
            return None

    def create_url_adapter(self, request: flask.Request | None) -> MapAdapter | None:
        """Flask's, which is not to take the port for a part of the host's name."""
        if request is None or not self.url_map.host_matching:
            return super().create_url_adapter(request)
        return self.url_map.bind_to_environ(request.environ, self._host_of(request))

    def _host_of(self, request: flask.Request) -> str:
        """Whose addresses count: those of a host that belongs to issuers, or those of every other name."""
        if not self.url_map.host_matching:
            return ""
        name = self.hosts.name(request.headers.get("Host"))
        return name if name in self._own_hosts else ANY


def _without_host(arguments: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if name != HOST}
