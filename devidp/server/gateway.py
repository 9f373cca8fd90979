"""From requests to answers: by the endpoints, and by the WSGI application for what is not an endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from devidp.messages import WITHOUT_BODY, Received, Reply
from devidp.oauth.errors import OAuthError
from devidp.server.environment import environment
from devidp.server.outgoing import Fields, names
from devidp.serving import Serving, error_reply
from devidp.web.endpoints import locate

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

THREADS = 64
"""For answers that are slow on purpose, and for streams; started when they are needed."""


class Answer(NamedTuple):
    """What a client is told."""

    status: int
    fields: Fields
    body: bytes = b""
    length: int | None = None
    """What is announced of the body, unless ``fields`` say it or there is none."""
    pieces: Iterable[bytes] | None = None
    """A body that comes bit by bit, in place of ``body``."""
    broken: bool = False
    """Whether the connection ends before the body does."""


class Gateway:
    """``endpoints`` and ``application`` as one.

    An endpoint answers at once, in the thread that serves everybody, unless ``may_be_slow`` says that answers are slow
    on purpose, or it has to ask another server: then in a thread of its own, as the application always does.
    """

    def __init__(self, endpoints: Serving, application: WSGIApplication, may_be_slow: Callable[[], bool]) -> None:
        self._endpoints = endpoints
        self._application = application
        self._may_be_slow = may_be_slow
        self._threads = ThreadPoolExecutor(THREADS, "devidp-slow")

    def answer(self, request: Received) -> Answer | None:
        """``None`` where it takes its time: ``answer_slowly`` it then."""
        found = locate(request.path)
        if found is None or self._may_be_slow():
            return None
        return _answer(self._endpoints.respond(*found, request), request.method)

    async def answer_slowly(self, request: Received, server: str) -> Answer:
        """In a thread of its own; ``server`` is the address that was called, with its port."""
        found = locate(request.path)
        if found is not None:
            return _answer(await self.in_thread(self._endpoints.respond, *found, request), request.method)
        told = _Told()
        pieces = await self.in_thread(self._application, environment(request, server), told.start)
        if told.is_stream and request.method != "HEAD":
            return Answer(told.status, told.fields, pieces=pieces)
        try:
            return Answer(told.status, told.fields, b"".join(pieces))
        finally:
            close(pieces)

    async def in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


def close(pieces: Iterable[bytes]) -> None:
    """What the application gave is not needed any more (PEP 3333)."""
    if hasattr(pieces, "close"):
        pieces.close()


def refused(refusal: OAuthError) -> Answer:
    """To what is no request for anybody."""
    return _answer(error_reply(refusal, page=False), "")


def _answer(reply: Reply, method: str) -> Answer:
    if reply.broken:
        return Answer(reply.status, reply.fields(), length=1, broken=True)
    length = None if reply.status in WITHOUT_BODY else len(reply.body)
    return Answer(reply.status, reply.fields(), reply.content(method), length)


class _Told:
    """What the application says before its body."""

    def __init__(self) -> None:
        self.status = 500
        self.fields: Fields = []

    @property
    def is_stream(self) -> bool:
        """Whether the length of the body is not known before its end."""
        return self.status not in WITHOUT_BODY and not names(self.fields, "content-length")

    @property
    def start(self) -> StartResponse:
        return self._start

    def _start(self, status: str, headers: Fields, exc_info: object = None, /) -> Any:
        self.status, self.fields = int(status[:3]), headers
