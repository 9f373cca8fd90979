"""A WSGI application as the target, without a socket."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.test import EnvironBuilder, run_wsgi_app

from devidp.probe.exchange import Answer, Request
from devidp.probe.reading import Reading

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class WsgiTarget:
    """Each call has a thread, which is left alone where the application does not answer in time."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def send(self, request: Request, seconds: float) -> Answer:
        reading = Reading(request)
        thread = threading.Thread(target=self._call, args=(request, reading), daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            reading.late()
        return reading.answer()

    def _call(self, request: Request, reading: Reading) -> None:
        try:
            body, status, headers = run_wsgi_app(self._application, _environ(request))
            reading.begin(int(status.partition(" ")[0]), tuple(headers.items()))
            try:
                for piece in body:
                    if not reading.take(piece):
                        break
            finally:
                getattr(body, "close", lambda: None)()
        except Exception:  # noqa: BLE001 - whatever it is, a server answers it with 500
            reading.begin(500, ())


def _environ(request: Request) -> WSGIEnvironment:
    """As a server makes it: of a header that comes twice, one value with a comma."""
    parts = urlsplit(request.url)
    headers = [(name, value.encode().decode("latin-1")) for name, value in request.headers]
    builder = EnvironBuilder(
        parts.path or "/",
        f"{parts.scheme}://{parts.netloc}",
        parts.query,
        request.method,
        headers=headers,
        data=request.body or None,
        environ_base={"REMOTE_ADDR": "127.0.0.1", "wsgi.multithread": True},
    )
    try:
        return builder.get_environ()
    finally:
        builder.close()
