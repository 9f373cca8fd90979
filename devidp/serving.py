"""The endpoints of every issuer: each request from its door to its event, and every refusal as an answer.

Owns the order of checks around an endpoint. Does not own routes beside the issuers, nor Flask (``devidp.web.app``): a
request that is for an endpoint does not pass through Flask's dispatch, which costs a third of a signature.
"""

from __future__ import annotations

import logging

from devidp.keys import KeyProblem
from devidp.messages import Received, Reply, json_reply
from devidp.models import Event
from devidp.oauth import errors
from devidp.oauth.errors import OAuthError, printable, quoted
from devidp.protocol import RedirectedError, Server
from devidp.store import StoreError
from devidp.system.files import PrivateFileError
from devidp.system.hosts import Hosts
from devidp.web import failing, pages
from devidp.web.endpoints import Endpoint, locate
from devidp.web.endpoints.exchange import Exchange, answer_reply, page_reply
from devidp.web.runtime import Runtime

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "WWW-Authenticate, DPoP-Nonce",
}
CORS_HEADERS = "authorization, content-type, dpop, mcp-protocol-version"
PREFLIGHT_SECONDS = "600"
RETRY_SECONDS = "5"
logger = logging.getLogger("devidp")


class Serving:
    """What answers at the endpoints."""

    def __init__(self, runtime: Runtime, hosts: Hosts) -> None:
        self._runtime = runtime
        self._hosts = hosts

    def respond(self, each: Endpoint, path: str, request: Received) -> Reply:
        """The answer of an endpoint at the issuer with this path."""
        try:
            refusal = refused_host(self._hosts, request)
            if refusal is not None:
                return refusal
            if request.method not in each.allowed:
                refusal = error_reply(method_not_allowed(request), page=each.page)
                refusal.headers["Allow"] = ", ".join(each.allowed)
                return refusal
            return self._serve(each, path, request)
        except Exception as error:  # noqa: BLE001 - the outermost: what comes here is a defect of devidp
            return defect(error, request)

    def _serve(self, each: Endpoint, path: str, request: Received) -> Reply:
        exchange = Exchange(request)
        error: OAuthError | None = None
        try:
            self._runtime.follow()
            response = self._answer(each, path, exchange)
        except RedirectedError as redirected:
            error, response = redirected.error, answer_reply(redirected.answer)
        except OAuthError as refusal:
            error, response = refusal, error_reply(refusal, page=each.page)
        except (StoreError, PrivateFileError, KeyProblem) as problem:
            logger.error("%s", problem)
            error = _unavailable()
            response = error_reply(error, page=each.page)
        if each.cors:
            response.headers |= CORS
        if request.method != "OPTIONS":
            self._record(each, path, exchange, response, error)
        return response

    def _answer(self, each: Endpoint, path: str, exchange: Exchange) -> Reply:
        if exchange.request.method == "OPTIONS":
            return _preflight(each)
        runtime = self._runtime
        server = runtime.server_at(path)
        if server is None:
            raise errors.NotFound(
                f"There is no issuer at {quoted(path or '/')}",
                remedy=f"There are: {' '.join(server.issuer.url for server in runtime.servers.values())}",
            )
        if not each.enabled(server.issuer):
            raise _switched_off(each, server)
        if runtime.controls.current.failures:
            return failing.view(runtime, each, server, exchange)
        return each.view(server, exchange)

    def _record(self, each: Endpoint, path: str, exchange: Exchange, response: Reply, error: OAuthError | None) -> None:
        facts = exchange.facts
        self._runtime.event_log.record(
            Event(
                endpoint=each.name,
                issuer=path.strip("/") or "/",
                status=response.status,
                at=self._runtime.clock.now(),
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


def refused_host(hosts: Hosts, request: Received) -> Reply | None:
    """The refusal of a request that was meant for another server."""
    authority = request.headers.get("host")
    if authority is None and request.version == "HTTP/1.0":
        return None  # what is no browser: it need not say, and cannot be led astray
    try:
        hosts.check(authority)
    except OAuthError as refusal:
        logger.warning("REFUSED %s %s: %s", request.method, printable(request.path), refusal.description)
        return error_reply(refusal, page=for_people(request))
    return None


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


def _preflight(each: Endpoint) -> Reply:
    return Reply(
        204,
        {
            "Access-Control-Allow-Methods": ", ".join(each.methods),
            "Access-Control-Allow-Headers": CORS_HEADERS,
            "Access-Control-Max-Age": PREFLIGHT_SECONDS,
        },
    )


def error_reply(error: OAuthError, *, page: bool) -> Reply:
    """The one place that turns an error into an answer: JSON for clients, a page for people."""
    if page:
        response = page_reply(
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
        response = json_reply(error.body(), error.http_status)
    response.headers |= error.headers
    if isinstance(error, errors.InvalidToken | errors.InsufficientScope) and not error.headers:
        # RFC 6750 section 3: what is wrong with a token is said in the header
        challenge = f'Bearer error="{error.code}", error_description="{error.description}"'
        response.headers["WWW-Authenticate"] = challenge
    return response


def method_not_allowed(request: Received) -> OAuthError:
    return errors.MethodNotAllowed(
        f"{request.method} is not allowed at {quoted(request.path)}", remedy="Use the method of the specification"
    )


def for_people(request: Received) -> bool:
    """Whether a refusal is a page: where people come, and where nothing is served to a browser."""
    found = locate(request.path)
    if found is None:
        return "/.well-known/" not in request.path and "text/html" in request.headers.get("accept", "")
    return found[0].page


def defect(error: Exception, request: Received) -> Reply:
    """The log has the traceback, the client a proper answer."""
    logger.error("A defect of devidp at %s %s", request.method, request.path, exc_info=error)
    refusal = errors.ServerError("devidp failed: this is a defect of devidp", remedy="Look at its log, and report it")
    return error_reply(refusal, page=for_people(request))
