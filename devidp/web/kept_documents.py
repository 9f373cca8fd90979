"""Discovery documents and JWK Sets, answered from memory until something changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from devidp.models import Event
from devidp.oauth.identifiers import new_event
from devidp.web.asked import CALLER, of_caller
from devidp.web.request import Request
from devidp.web.response import Response
from devidp.web.runtime import Runtime

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DOCUMENTS = ("openid-configuration", "oauth-authorization-server", "jwks", "certificates")
MAX_KEPT = 64
"""Answers: clients choose the names by which they call, and the tags that they send."""
Question = tuple[str, str | None, str | None]


class _Kept(NamedTuple):
    version: object
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    event: Event


class KeptDocuments:
    """A WSGI middleware: the same question gets the same answer, and an event of its own.

    Everything that a document depends on is in the question (address, host, ETag) or has a version: the seed, the keys
    and what was changed at run time.
    """

    def __init__(self, runtime: Runtime, application: WSGIApplication) -> None:
        self._runtime = runtime
        self._application = application
        self._kept: dict[Question, _Kept] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kept = self._kept.get(_question(environ)) if environ["REQUEST_METHOD"] == "GET" else None
        if kept is not None:
            self._runtime.follow()
        if kept is None or kept.version != self._runtime.version or self._runtime.overrides.current.failures:
            return self._application(environ, start_response)
        self._runtime.event_log.record(self._event(kept.event, environ))
        start_response(kept.status, kept.headers)
        return [kept.body]

    def _event(self, first: Event, environ: WSGIEnvironment) -> Event:
        """That of another client, which asks the same."""
        same = {name: value for name, value in first.asked.items() if name not in CALLER}
        return first._replace(id=new_event(), at=self._runtime.clock.now(), took=0.0, asked=same | of_caller(environ))

    def keep(self, version: object, request: Request, response: Response, event: Event) -> None:
        """Repeat ``response``, which the runtime of ``version`` gave to ``request``."""
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        headers = [each for each in response.get_wsgi_headers(request.environ) if each[0] != "Date"]
        body = b"" if response.status_code == 304 else response.get_data()
        self._kept[_question(request.environ)] = _Kept(version, response.status, headers, body, event)


def _question(environ: WSGIEnvironment) -> Question:
    return environ["PATH_INFO"], environ.get("HTTP_HOST"), environ.get("HTTP_IF_NONE_MATCH")
