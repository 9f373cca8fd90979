"""From granian's asynchronous interface to the WSGI application, one request at a time.

The body is awaited before the application is called, in bounded size and time: with granian's own WSGI interface a
client that stalls in the middle of a body holds the thread that serves everybody else. More threads would cure only
as many such clients as there are threads, at two fifths of the throughput.
"""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

BODY_SECONDS = 10.0
"""How long a body may take; one that is larger than the application reads is not awaited."""
THREADS = 64
"""For answers that are slow on purpose, and for streams; started when they are needed."""
MAX_HEADER_BYTES = 64 * 1024
_BASE: dict[str, Any] = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": False,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
_ONCE = ("HTTP_HOST", "HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE", "HTTP_AUTHORIZATION")
_JSON = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Connection", "close")]
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

    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_stream(self, status: int, headers: Headers) -> Any: ...


class _Refused(Exception):
    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status


class Gateway:
    """``application`` as granian's RSGI interface calls it; bodies have at most ``max_body`` bytes.

    ``may_be_slow`` says whether the next answer may be slow on purpose: it is made in a thread then.
    """

    def __init__(self, application: WSGIApplication, max_body: int, may_be_slow: Callable[[], bool]) -> None:
        self._application = application
        self._max_body = max_body
        self._may_be_slow = may_be_slow
        self._threads = ThreadPoolExecutor(THREADS, "devidp-slow")

    async def __rsgi__(self, scope: Scope, connection: Connection) -> None:
        try:
            environ = _environ(scope)
            environ["wsgi.input"] = io.BytesIO(await self._body(environ, connection))
        except _Refused as refused:
            told = {"error": "invalid_request", "error_description": str(refused)}
            connection.response_bytes(refused.status, _JSON, json.dumps(told).encode())
            return
        answer = _Answer()
        if self._may_be_slow():
            chunks = await self._in_thread(self._application, environ, answer.start)
        else:
            chunks = self._application(environ, answer.start)
        if answer.is_stream:
            await self._stream(answer, chunks, connection)
            return
        try:
            body = b"".join(chunks)
        except ConnectionResetError:
            # announced and not sent: the connection ends here
            connection.response_stream(answer.status, answer.headers)
            return
        connection.response_bytes(answer.status, answer.headers, body)

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

    async def _body(self, environ: dict[str, Any], connection: Connection) -> bytes:
        length = environ.get("CONTENT_LENGTH")
        if length in (None, "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return b""
        if length is not None and (not length.isdecimal() or int(length) > self._max_body):
            return b""  # the application refuses it by its length
        received = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for chunk in connection:
                    received += chunk
                    if len(received) > self._max_body:
                        raise _Refused(413, f"The body has more than {self._max_body} bytes. Send less.")
        except TimeoutError:
            raise _Refused(408, f"The body did not come whole within {BODY_SECONDS:g} s. Send it at once.") from None
        return bytes(received)


class _Answer:
    """What the application says before its body."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: Headers = []

    @property
    def is_stream(self) -> bool:
        """Whether the length of the body is not known before its end."""
        return self.status not in (204, 304) and all(name.lower() != "content-length" for name, _ in self.headers)

    @property
    def start(self) -> StartResponse:
        return self._start

    def _start(self, status: str, headers: Headers, exc_info: object = None, /) -> Any:
        self.status, self.headers = int(status[:3]), headers


def _environ(scope: Scope) -> dict[str, Any]:
    """The request as PEP 3333 has it; raises _Refused for one that two servers could understand differently."""
    environ = _with_headers(scope.headers.items())
    host, _, port = scope.server.rpartition(":")
    environ.update(
        REQUEST_METHOD=scope.method,
        PATH_INFO=scope.path.encode().decode("latin-1"),
        QUERY_STRING=scope.query_string,
        SERVER_NAME=host,
        SERVER_PORT=port,
        SERVER_PROTOCOL="HTTP/1.0" if scope.http_version == "1" else f"HTTP/{scope.http_version}",
        REMOTE_ADDR=scope.client.rpartition(":")[0].strip("[]"),
    )
    environ["wsgi.url_scheme"] = scope.scheme
    return environ


def _with_headers(headers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    environ, size = dict(_BASE), 0
    for name, value in headers:
        size += len(name) + len(value)
        if "_" in name:
            continue  # X_Forwarded_For would read as X-Forwarded-For
        key = f"HTTP_{name.upper().replace('-', '_')}"
        if key not in environ:
            environ[key] = value
        elif key in _ONCE:
            raise _Refused(400, f"The header {name} came more than once. Send it once.")
        else:
            environ[key] += f"; {value}" if key == "HTTP_COOKIE" else f",{value}"
    if size > MAX_HEADER_BYTES:
        raise _Refused(431, f"The headers have more than {MAX_HEADER_BYTES} bytes. Send less.")
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if f"HTTP_{key}" in environ:
            environ[key] = environ.pop(f"HTTP_{key}")
    return environ
