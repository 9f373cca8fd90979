"""From granian's asynchronous interface to the endpoints, and to the WSGI application for what is not an endpoint.

The body is awaited before anything is called, in bounded size and time: with granian's own WSGI interface a client
that stalls in the middle of a body holds the thread that serves everybody else. More threads would cure only as many
such clients as there are threads, at two fifths of the throughput.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

from granian._granian import RSGIProtocolClosed
from werkzeug.wsgi import ClosingIterator

from devidp import waiting
from devidp.endpoints import locate
from devidp.messages import MAX_BODY_BYTES, WITHOUT_BODY, Received, Reply
from devidp.server.environment import environment
from devidp.server.patience import Patience, TooLong
from devidp.serving import Serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

BODY_SECONDS = 10.0
"""How long a body may take; one that is larger than the application reads is not awaited."""
THREADS = 64
"""For answers that are slow on purpose, and for streams; started when they are needed."""
MAX_HEADER_BYTES = 64 * 1024
_ONCE = frozenset({"host", "content-length", "content-type", "authorization"})
_REFUSAL = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Connection", "close")]
Headers = list[tuple[str, str]]


class Scope(Protocol):
    """What granian knows of a request before its body."""

    method: str
    path: str
    query_string: str
    scheme: str
    server: str
    client: str
    http_version: str
    headers: Any


class Connection(Protocol):
    """The way back, and the body."""

    def __call__(self) -> Awaitable[bytes]: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_stream(self, status: int, headers: Headers) -> Any: ...


class _Refused(Exception):
    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


class Gateway:
    """``endpoints`` and ``application`` as granian's RSGI interface calls them.

    An endpoint answers at once, in the thread that serves everybody, unless ``may_be_slow`` says that answers are slow
    on purpose, or it has to ask another server: then in a thread of its own, as the application always does.
    """

    def __init__(self, endpoints: Serving, application: WSGIApplication, may_be_slow: Callable[[], bool]) -> None:
        self._endpoints = endpoints
        self._application = application
        self._may_be_slow = may_be_slow
        self._patience = Patience(BODY_SECONDS)
        self._threads = ThreadPoolExecutor(THREADS, "devidp-slow")

    async def __rsgi__(self, scope: Scope, connection: Connection) -> None:
        try:
            headers = _headers(scope.headers.items())
            body = await self._body(headers, connection)
        except _Refused as refused:
            told = {"error": "invalid_request", "error_description": str(refused)}
            connection.response_bytes(refused.status, _REFUSAL, json.dumps(told).encode())
            return
        request = Received(
            scope.method,
            "/" + scope.path.lstrip("/"),
            headers,
            scope.query_string.encode("latin-1"),
            body,
            scope.scheme,
            "HTTP/1.0" if scope.http_version == "1" else f"HTTP/{scope.http_version}",
            client=scope.client,
        )
        found = locate(request.path)
        if found is None:
            await self._in_application(environment(request, scope.server, scope.client), connection)
            return
        if self._may_be_slow():
            reply = await self._in_thread(self._endpoints.respond, *found, request)
        else:
            try:
                waiting.forbid()
                reply = self._endpoints.respond(*found, request)
            except waiting.WouldWait:
                reply = await self._in_thread(self._endpoints.respond, *found, request)
        _send(reply, request.method, connection)

    async def _body(self, headers: dict[str, str], connection: Connection) -> bytes | None:
        """``None`` where there is more than is read."""
        length = headers.get("content-length")
        if length is None and "transfer-encoding" not in headers:
            return b""
        if length is not None and not length.isdecimal():
            raise _Refused(400, "The header Content-Length is no number. Send the number of bytes.")
        if length is not None and int(length) > MAX_BODY_BYTES:
            return None
        try:
            return await self._patience.wait_for(_chunks(connection) if length is None else connection())
        except TooLong:
            raise _Refused(408, f"The body did not come whole within {BODY_SECONDS:g} s. Send it at once.") from None
        except RSGIProtocolClosed:
            raise _Refused(400, "The connection ended before the body did. Send it whole.") from None

    async def _in_application(self, environ: dict[str, Any], connection: Connection) -> None:
        answer = _Answer()
        chunks = await self._in_thread(self._application, environ, answer.start)
        if answer.is_stream:
            await self._stream(answer, chunks, connection)
        else:
            connection.response_bytes(answer.status, answer.headers, b"".join(chunks))

    async def _stream(self, answer: _Answer, chunks: Iterable[bytes], connection: Connection) -> None:
        """What comes bit by bit is waited for in a thread, so that it delays no other answer."""
        transport, pieces = connection.response_stream(answer.status, answer.headers), iter(chunks)
        try:
            while (piece := await self._in_thread(next, pieces, None)) is not None:
                await transport.send_bytes(piece)
        finally:
            if isinstance(chunks, ClosingIterator):
                chunks.close()

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


def _send(reply: Reply, method: str, connection: Connection) -> None:
    headers = reply.fields()
    if reply.broken:
        # announced and not sent: the connection ends here
        connection.response_stream(reply.status, [*headers, ("Content-Length", "1")])
        return
    if method == "HEAD":
        headers.append(("Content-Length", str(len(reply.body))))
    connection.response_bytes(reply.status, headers, reply.content(method))


def _headers(received: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By lower-case name; raises _Refused for what two servers could understand differently."""
    headers: dict[str, str] = {}
    size = 0
    for name, value in received:
        size += len(name) + len(value)
        if name not in headers:
            headers[name] = value
        elif name in _ONCE:
            raise _Refused(400, f"The header {name} came more than once. Send it once.")
        else:
            headers[name] += f"; {value}" if name == "cookie" else f",{value}"
    if size > MAX_HEADER_BYTES:
        raise _Refused(431, f"The headers have more than {MAX_HEADER_BYTES} bytes. Send less.")
    return headers


async def _chunks(connection: Connection) -> bytes:
    received = bytearray()
    async for chunk in connection:
        received += chunk
        if len(received) > MAX_BODY_BYTES:
            raise _Refused(413, f"The body has more than {MAX_BODY_BYTES} bytes. Send less.")
    return bytes(received)


class _Answer:
    """What the application says before its body."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []

    @property
    def is_stream(self) -> bool:
        """Whether the length of the body is not known before its end."""
        return self.status not in WITHOUT_BODY and all(name.lower() != "content-length" for name, _ in self.headers)

    @property
    def start(self) -> StartResponse:
        return self._start

    def _start(self, status: str, headers: Headers, exc_info: object = None, /) -> Any:
        self.status, self.headers = int(status[:3]), headers
