"""An endpoint at an issuer: the steps that surround every view.

Owns the order of checks around an endpoint, CORS, and the event. Does not own what an endpoint answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pkgutil import resolve_name
from urllib.parse import urlsplit

import flask

from devidp.issuer.issuer import Issuer
from devidp.models import Event
from devidp.oauth import errors
from devidp.oauth.errors import OAuthError, quoted
from devidp.protocol import RedirectedError, Server
from devidp.web import pages
from devidp.web.answered import answered
from devidp.web.asked import asked, of_refusal
from devidp.web.context import Context
from devidp.web.endpoints import Endpoint
from devidp.web.errors import as_oauth_error, error_response, flow_page, method_not_allowed
from devidp.web.following import base_called
from devidp.web.kept_documents import DOCUMENTS, KeptDocuments
from devidp.web.request import Request
from devidp.web.response import Response, response_to_client
from devidp.web.runtime import Runtime

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "WWW-Authenticate, DPoP-Nonce, Retry-After",
}
PREFLIGHT_SECONDS = "600"


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
            # its traceback would hold this frame, and this frame holds the request and it
            error = as_oauth_error(problem, request).with_traceback(None)
            page, runtime = self.endpoint.page and not context.program, self.runtime
            flow = flow_page(runtime, request, context.facts.id) if page else ""
            developer = self._developer(context) if page and error is problem else None
            response = error_response(error, page=page, home=runtime.home, flow=flow, developer=developer)
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
            base = base_called(self.runtime, server.issuer.settings, context.request.called, context.request.path)
            server = server if base is None else server.called(base)
        if not each.enabled(server.issuer):
            raise _switched_off(each, server)
        if each.json:
            context.request.takes_json = server.issuer.settings.json_requests
        if self.runtime.overrides.current.failures:
            view: Callable[..., Response] = resolve_name("devidp.web.failure_injection:view")
            response = view(self.runtime, each, server, context)
        else:
            response = each.view(server, context)
        if not context.by_hand:
            return response
        spoil: Callable[..., Response] = resolve_name("devidp.web.failure_injection:by_hand")
        return spoil(self.runtime, server, context, response)

    def _developer(self, context: Context) -> pages.Developer | None:
        """What the page of a refusal shows of the request."""
        server = self.runtime.servers.get(self.name or "")
        if server is None:
            return None
        describe: Callable[..., pages.Developer | None] = resolve_name("devidp.web.endpoints.developer:of_refused")
        return describe(server, self.endpoint.name, context)

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
            flow=facts.flow,
            asked=asked(context.request, facts),
            id=facts.id,
            took=facts.took,
            answered=answered(response),
            token_audience=facts.token_audience,
            **of_refusal(error),
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
        got=path,
        expected=[urlsplit(issuer.url).path for issuer in issuers],
    )


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
