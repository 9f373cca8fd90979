"""An ASGI application as the target, without a socket: its lifespan, and its calls, in a loop of their own thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, Self, TypeVar
from urllib.parse import unquote, urlsplit

from devidp.probe.exchange import Answer, Request
from devidp.probe.reading import Reading
from devidp.probe.refusal import Refused

Result = TypeVar("Result")
Message = MutableMapping[str, Any]
Application = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Any]
LIFESPAN_SECONDS = 30.0
"""For the start and for the end."""
GRACE = 0.5
"""Seconds to end in, for an application whose client has gone."""
SLACK = 1.0
"""Seconds after which a call that did not heed its limit has blocked the loop."""


class _Exchange:
    """One request, and what the application sends; ``over`` once nobody waits for more."""

    def __init__(self, request: Request, reading: Reading) -> None:
        self.over = asyncio.Event()
        self.has_begun = False
        self._reading = reading
        self._left: list[Message] = [{"type": "http.request", "body": request.body, "more_body": False}]

    async def receive(self) -> Message:
        if self._left:
            return self._left.pop()
        await self.over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.over.is_set():
            return  # as to a client that has gone
        if message["type"] == "http.response.start":
            headers = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", ()))
            self._reading.begin(message["status"], tuple(headers))
            self.has_begun = True
        elif not self._reading.take(bytes(message.get("body", b""))) or not message.get("more_body", False):
            self.over.set()


class AsgiTarget:
    """A context: the application is started when it begins, and shut down when it ends. Raises Refused."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="devidp-asgi", daemon=True)
        self._state: dict[str, Any] = {}
        self._to_lifespan: asyncio.Queue[Message] = asyncio.Queue()
        self._from_lifespan: asyncio.Queue[Message] = asyncio.Queue()
        self._lifespan: asyncio.Future[Any] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._wait(self._start(), LIFESPAN_SECONDS)
        except BaseException as error:
            if self._is_free():
                self._end_loop()
            if isinstance(error, TimeoutError):
                raise Refused(f"the application has not started within {LIFESPAN_SECONDS:g} s") from None
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_free():
            self._wait(self._say("lifespan.shutdown"), LIFESPAN_SECONDS)
            self._end_loop()

    def send(self, request: Request, seconds: float) -> Answer:
        reading = Reading(request)
        try:
            self._wait(self._call(request, reading, seconds), seconds + GRACE + SLACK)
        except TimeoutError:
            reading.late()
        return reading.answer()

    def _wait(self, coroutine: Coroutine[Any, Any, Result], seconds: float) -> Result:
        """Raises TimeoutError."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(seconds)

    def _is_free(self) -> bool:
        """Whether no call has blocked the loop; the thread of one that is blocked ends with the process."""
        try:
            self._wait(asyncio.sleep(0), SLACK)
        except TimeoutError:
            return False
        return True

    async def _call(self, request: Request, reading: Reading, seconds: float) -> None:
        exchange = _Exchange(request, reading)
        scope = {**_scope(request), "state": dict(self._state)}
        call = asyncio.ensure_future(self._application(scope, exchange.receive, exchange.send))
        over = asyncio.ensure_future(exchange.over.wait())
        done, _ = await asyncio.wait({call, over}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            reading.late()
        exchange.over.set()
        await asyncio.wait({call}, timeout=GRACE)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        if not exchange.has_begun and not reading.problem:  # it raised, or said nothing: a server answers for it
            reading.begin(500, ())

    async def _start(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self._state}
        self._lifespan = asyncio.ensure_future(self._application(scope, self._to_lifespan.get, self._from_lifespan.put))
        message = await self._say("lifespan.startup")
        if message.get("type") == "lifespan.startup.failed":
            raise Refused(f"the application cannot start: {message.get('message') or 'it does not say why'}")

    async def _say(self, event: str) -> Message:
        """The reply; empty where the application knows no lifespan, which it says by an exception (ASGI, lifespan)."""
        lifespan = self._lifespan
        if lifespan is None or lifespan.done():
            return {}
        await self._to_lifespan.put({"type": event})
        reply = asyncio.ensure_future(self._from_lifespan.get())
        await asyncio.wait([reply, lifespan], return_when=asyncio.FIRST_COMPLETED)
        if lifespan.done() and not lifespan.cancelled():
            lifespan.exception()  # it has been looked at
        if reply.done():
            return reply.result()
        reply.cancel()
        return {}

    def _end_loop(self) -> None:
        self._wait(_cancel_all(), LIFESPAN_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _scope(request: Request) -> Message:
    parts = urlsplit(request.url)
    length = [(b"content-length", str(len(request.body)).encode())] if request.body else []
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": unquote(parts.path) or "/",
        "raw_path": (parts.path or "/").encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [
            (b"host", parts.netloc.encode()),
            *((name.lower().encode(), value.encode()) for name, value in request.headers),
            *length,
        ],
        "client": ("127.0.0.1", 50000),
        "server": (parts.hostname or "localhost", parts.port or 80),
    }
