"""From a request to an endpoint: Flask's map, and the steps that surround every view of an issuer.

Owns the order of checks around an endpoint, CORS, and the event. Does not own what an endpoint answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import flask
from flask import Flask
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, Rule

from devidp.issuer.issuer import Issuer
from devidp.models import Event
from devidp.models.addresses import follows, seed_hosts, seed_names
from devidp.oauth import errors
from devidp.oauth.errors import MisdirectedRequest, OAuthError, quoted
from devidp.protocol import RedirectedError, Server
from devidp.system.hosts import ANY, Hosts
from devidp.web.asked import asked
from devidp.web.context import Context
from devidp.web.endpoints import Endpoint
from devidp.web.errors import admit, as_oauth_error, error_response, method_not_allowed
from devidp.web.housekeeping import Housekeeper
from devidp.web.kept_documents import DOCUMENTS, KeptDocuments
from devidp.web.request import Request
from devidp.web.response import Response, response_to_client
from devidp.web.routes import HOST, base_paths, issuer_routes, url_map
from devidp.web.runtime import Runtime, StartError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "WWW-Authenticate, DPoP-Nonce, Retry-After",
}
PREFLIGHT_SECONDS = "600"


class _NoSessions(SessionInterface):
    """Flask's own sessions are off: the cookies of an issuer are ``devidp.web.endpoints.browser``'s."""

    def open_session(self, app: Flask, request: flask.Request) -> SessionMixin | None:
        return self.make_null_session(app)


class Application(Flask):
    """Flask, with the issuers of the seed in its map."""

    request_class = Request
    response_class = Response
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
        if matched is None:
            return super().wsgi_app(environ, start_response)
        view, arguments = matched
        return view.respond(request, **arguments)(environ, start_response)

    def _match(self, request: Request) -> tuple[EndpointView, dict[str, str]] | None:
        adapter, method = self.url_map.bind(self._host_of(request)), request.method
        try:
            try:
                rule, arguments = adapter.match(request.path, method, return_rule=True)
            except MethodNotAllowed as error:
                # the view refuses it in the form that its callers read
                rule, arguments = adapter.match(request.path, next(iter(error.valid_methods or ())), return_rule=True)
        except NotFound:
            return None
        view = self._view(rule)
        return (view, _without_host(arguments)) if isinstance(view, EndpointView) else None

    def create_url_adapter(self, request: flask.Request | None) -> MapAdapter | None:
        """Flask's, which is not to take the port for a part of the host's name."""
        if request is None or not self._own_hosts:
            return super().create_url_adapter(request)
        return self.url_map.bind_to_environ(request.environ, self._host_of(request))

    def _host_of(self, request: flask.Request) -> str:
        """Whose addresses count: those of a host that belongs to issuers, or those of every other name."""
        if not self._own_hosts:
            return ""
        name = self.hosts.name(request.headers.get("Host"))
        return name if name in self._own_hosts else ANY


@dataclass(frozen=True, slots=True)
class EndpointView:
    """An endpoint of the issuer of that name, or of whichever a request names where ``name`` is ``None``."""

    runtime: Runtime
    check_host: Callable[[Request], None]
    documents: KeptDocuments
    endpoint: Endpoint
    name: str | None

    def __call__(self, **arguments: str) -> Response:
        """As Flask calls a view, inside its contexts."""
        return self.respond(flask.request, **arguments)  # type: ignore[arg-type]

    def respond(self, request: Request, issuer: str = "") -> Response:
        """The answer to ``request``, and its event."""
        context, error, version, cors = Context(request), None, None, False
        try:
            self.check_host(request)
            cors = self.endpoint.cors
            request.body  # noqa: B018 - read first: servers end the connection of a client that is answered while it sends
            self.runtime.follow()
            version = self.runtime.version
            response = self._answer(f"/{issuer}" if issuer else "", context)
        except RedirectedError as redirected:
            error, response = redirected.error, response_to_client(redirected.response)
        except Exception as problem:  # noqa: BLE001 - the outermost: every one becomes an answer
            error = as_oauth_error(problem, request)
            response = error_response(error, page=self.endpoint.page and not context.program, home=self.runtime.home)
        if cors:
            response.headers.update(CORS)
        if request.method != "OPTIONS":
            event = self._event(self.name or issuer, context, response, error)
            self.runtime.event_log.record(event)
            if self.endpoint.name in DOCUMENTS and error is None and not context.facts.outcome:
                self.documents.keep(version, request, response, event)
        return response

    def _answer(self, path: str, context: Context) -> Response:
        each, method = self.endpoint, context.request.method
        if method not in each.allowed:
            raise method_not_allowed(context.request, each.allowed)
        if method == "OPTIONS":
            return _preflight(each, context.request)
        server = self.runtime.servers.get(self.name or "")
        if server is None:
            raise _not_here(each, path or context.request.path.removesuffix(each.path), self.runtime.issuers)
        if server.issuer.settings.follow_host:
            server = self._called(server, context.request)
        if not each.enabled(server.issuer):
            raise _switched_off(each, server)
        if each.json:
            context.request.takes_json = server.issuer.settings.json_requests
        if not self.runtime.overrides.current.failures:
            return each.view(server, context)
        view: Callable[..., Response] = resolve_name("devidp.web.failure_injection:view")
        return view(self.runtime, each, server, context)

    def _called(self, server: Server, request: Request) -> Server:
        """The issuer by the name that the request calls it, where it follows that."""
        base, path = request.called, self.runtime.home.rstrip("/")
        below = f"{base}{path}" if f"{path}/" in request.path else base
        return server.called(below) if follows(server.issuer.settings, below) else server

    def _event(self, issuer: str, context: Context, response: Response, error: OAuthError | None) -> Event:
        facts = context.facts
        return Event(
            endpoint=self.endpoint.name,
            issuer=issuer,
            status=response.status_code,
            at=self.runtime.clock.now(),
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
            asked=asked(context.request, facts),
        )


def _not_here(each: Endpoint, path: str, issuers: Iterable[Issuer]) -> OAuthError:
    """Why nothing is where an endpoint of an issuer at ``path`` would be."""
    moved = next(
        (issuer for issuer in issuers if path in (urlsplit(issuer.url).path.rstrip("/"), issuer.settings.path)), None
    )
    if moved is not None:
        return errors.NotFound(
            f"The endpoint {each.name} of issuer {moved.url} is at {moved.addresses.of(each.name)}",
            remedy="Read the address in its metadata, or add this one to `endpoints` of the issuer in the seed",
        )
    return errors.NotFound(
        f"There is no issuer at {quoted(path or '/')}",
        remedy=f"There are: {' '.join(issuer.url for issuer in issuers)}",
    )


def _without_host(arguments: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if name != HOST}


def _switched_off(each: Endpoint, server: Server) -> OAuthError:
    return errors.NotFound(
        f"The endpoint {each.name} is switched off at issuer {server.issuer.url}, and not in its metadata",
        remedy=f"Switch {quoted(each.feature)} on for the issuer in the seed",
    )


def _preflight(each: Endpoint, request: Request) -> Response:
    """What a browser asks before it lets a page of another origin send what is not a plain form (Fetch 4.8)."""
    headers = {"Access-Control-Allow-Methods": ", ".join(each.methods), "Access-Control-Max-Age": PREFLIGHT_SECONDS}
    # without credentials there is nothing to protect from a page: it may send the headers of any library that it uses
    if wanted := request.headers.get("Access-Control-Request-Headers"):
        headers["Access-Control-Allow-Headers"] = wanted
    return Response(status=204, headers=headers)
