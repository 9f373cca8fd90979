"""One connection: its requests are answered one after the other, in their order (RFC 9112 section 9.3)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from devidp.messages import Received
from devidp.oauth.errors import InvalidRequest
from devidp.server.connections import Connections
from devidp.server.gateway import Answer, Gateway, close, refused
from devidp.server.incoming import Asked, Incoming
from devidp.server.outgoing import LAST_CHUNK, UnsafeHeaderError, chunk, head

IDLE_SECONDS = 75
"""Between two requests: longer than most clients keep a connection, so that it is they who close it."""
REQUEST_SECONDS = 10
"""For all headers of a request, and as long for its body."""
UNREAD_SECONDS = 30
"""How long a client may leave an answer unread."""
LINGER_SECONDS = 2
"""After the last answer: to close at once, while something is unread, would take the answer from the client."""
PIECE_BYTES = 16 * 1024
"""Of what came, which are read before the requests in them are answered: what waits to be answered is bounded."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_SECONDS = {
    "request": IDLE_SECONDS,
    "headers": REQUEST_SECONDS,
    "body": REQUEST_SECONDS,
    "reader": UNREAD_SECONDS,
    "end": LINGER_SECONDS,
}
logger = logging.getLogger("devidp")


class Connection(asyncio.Protocol):
    """A client that ``gateway`` answers."""

    def __init__(self, gateway: Gateway, connections: Connections, scheme: str) -> None:
        self.deadline = 0
        self._gateway = gateway
        self._connections = connections
        self._scheme = scheme
        self._waits_for = ""
        self._slow: asyncio.Task[None] | None = None
        """The answer that takes its time."""
        self._unread: asyncio.Future[None] | None = None
        """There while the client does not read what it was sent."""
        self._held = b""
        """What came while nothing could be answered."""
        self._paused = False
        """Whether no more is taken from the client, because what came is held."""
        self._heard_all = False
        """Whether the client has said that it sends no more."""
        self._closing = False

    @property
    def is_idle(self) -> bool:
        return self._waits_for == "request"

    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.Transport = transport
        self._server = _address(transport.get_extra_info("sockname"))
        self._incoming = Incoming(self._scheme, _address(transport.get_extra_info("peername")))
        self._connections.add(self)
        self._wait_for("request")

    def connection_lost(self, error: Exception | None) -> None:
        self._closing = True
        self._connections.remove(self)
        self._incoming.close()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        if not self._closing:
            self._held = self._held + data if self._held else data
            self._answer_all()

    def eof_received(self) -> bool:
        """Whether to go on: a client may have said all, and still listen."""
        self._heard_all = True
        if self._incoming.in_body:
            self._incoming.refuse(InvalidRequest("The connection ended before the body did", remedy="Send it whole"))
        self._incoming.ended = True
        self._answer_all()
        return not self._closing and self._transport.can_write_eof()

    def pause_writing(self) -> None:
        self._unread = asyncio.get_running_loop().create_future()
        self._wait_for("reader")

    def resume_writing(self) -> None:
        unread, self._unread = self._unread, None
        if unread is not None and not unread.done():
            unread.set_result(None)
        self._answer_all()

    def expire(self) -> None:
        """What was waited for has not come."""
        if self._waits_for in ("headers", "body"):
            self._incoming.refuse(
                InvalidRequest(
                    f"The {self._waits_for} did not come whole within {REQUEST_SECONDS} s",
                    remedy="Send the request at once",
                    section="RFC 9110 section 15.5.9",
                    status=408,
                )
            )
            self._answer_all()
        elif self.is_idle:
            self.end()
        else:
            self.abort()

    def end(self) -> None:
        """Close as soon as the request that is being answered is."""
        if self.is_idle or self._closing:
            self._closing = True
            self._transport.close()
            return
        self._incoming.asked.clear()
        self._incoming.ended = True
        self._answer_all()

    def abort(self) -> None:
        self._closing = True
        self._transport.abort()

    def _answer_all(self) -> None:
        """Answer what has come, and wait for what is next."""
        incoming = self._incoming
        while self._slow is None and self._unread is None and not self._closing:
            if incoming.asked:
                self._answer(incoming.asked.popleft())
            elif self._held and not incoming.ended:
                piece, self._held = self._held[:PIECE_BYTES], self._held[PIECE_BYTES:]
                incoming.feed(piece)
            elif incoming.ended:
                self._close()
                return
            else:
                self._listen()
                return
        if not self._closing:
            self._stop_listening()

    def _stop_listening(self) -> None:
        """Nothing can be answered now: let the client wait with what it has to say."""
        if not self._paused and (self._held or self._incoming.asked):
            self._paused = True
            self._transport.pause_reading()
        self._wait_for("reader" if self._unread is not None else "")

    def _listen(self) -> None:
        """Take more from the client, which may wait for a word (RFC 9110 section 10.1.1)."""
        incoming = self._incoming
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        if incoming.expects_continue:
            incoming.expects_continue = False
            self._transport.write(CONTINUE)
        self._wait_for("headers" if incoming.in_head else "body" if incoming.in_body else "request")

    def _answer(self, asked: Asked) -> None:
        if asked.refusal is not None:
            self._send(refused(asked.refusal), asked)
            return
        assert asked.request is not None
        answer = self._gateway.answer(asked.request)
        if answer is not None:
            try:
                self._send(answer, asked)
            except UnsafeHeaderError as error:
                self._admit(error, asked.request)
            return
        self._slow = asyncio.get_running_loop().create_task(self._answer_slowly(asked, asked.request))

    async def _answer_slowly(self, asked: Asked, request: Received) -> None:
        try:
            answer = await self._gateway.answer_slowly(request, self._server)
            if answer.pieces is not None:
                await self._stream(answer, answer.pieces, asked)
            elif not self._closing:
                self._send(answer, asked)
        except Exception as error:  # noqa: BLE001 - the outermost of a task: nobody else would hear of it
            self._admit(error, request)
        self._slow = None
        self._answer_all()

    def _admit(self, error: Exception, request: Received) -> None:
        """A defect of devidp: nobody can say how much of an answer has been sent."""
        logger.error("A defect of devidp at %s %s", request.method, request.path, exc_info=error)
        self.abort()

    async def _stream(self, answer: Answer, pieces: Iterable[bytes], asked: Asked) -> None:
        """What comes bit by bit is waited for in a thread, so that it delays no other answer."""
        assert asked.request is not None
        is_chunked = asked.request.version == "HTTP/1.1"
        iterator = iter(pieces)
        try:
            if not self._closing:
                self._send(answer, asked, "Transfer-Encoding: chunked" if is_chunked else "")
            while not self._closing and (piece := await self._gateway.in_thread(next, iterator, None)) is not None:
                if piece and not self._closing:
                    self._transport.write(chunk(piece) if is_chunked else piece)
                if self._unread is not None:
                    await self._unread
            if is_chunked and not self._closing:
                self._transport.write(LAST_CHUNK)
        finally:
            with suppress(ValueError):  # at the end of all, while a thread waits for the next piece
                close(pieces)

    def _send(self, answer: Answer, asked: Asked, framing: str = "") -> None:
        """``framing`` is the header line that says where a body ends which comes bit by bit."""
        incoming = self._incoming
        added = [self._connections.date]
        if answer.length is not None:
            added.append(f"Content-Length: {answer.length}")
        if framing:
            added.append(framing)
        endless = answer.pieces is not None and not framing
        if answer.broken or asked.last or endless or (incoming.ended and not incoming.asked):
            incoming.ended = True
            incoming.asked.clear()
            added.append("Connection: close")
        elif asked.request is not None and asked.request.version == "HTTP/1.0":
            added.append("Connection: keep-alive")
        self._transport.write(head(answer.status, answer.fields, *added) + answer.body)
        self._wait_for("")
        if answer.broken:
            self._closing = True
            self._wait_for("end")
            self._transport.close()

    def _close(self) -> None:
        """When the client has taken all; what it may have sent meanwhile is not read."""
        self._held = b""
        if self._transport.get_write_buffer_size():
            self._transport.set_write_buffer_limits(0)  # so that it is said when all is taken
            self._wait_for("reader")
            return
        self._closing = True
        if self._heard_all or not self._transport.can_write_eof():
            self._transport.close()
            return
        self._transport.write_eof()
        self._wait_for("end")
        if self._paused:
            self._transport.resume_reading()

    def _wait_for(self, awaited: str) -> None:
        if awaited != self._waits_for:
            self._waits_for = awaited
            self.deadline = self._connections.tick + 1 + _SECONDS[awaited] if awaited else 0


def _address(name: Any) -> str:
    """Host and port of a socket, as in a URL."""
    if not name:
        return ""
    host, port = name[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
