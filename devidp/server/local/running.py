"""A devidp inside this program: its life, and where it is."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from devidp.app import create_app
from devidp.models.addresses import seed_names
from devidp.server import address
from devidp.server.local.arguments import SeedSource, Tls, configuration, read_certificate, read_seed
from devidp.server.tls import server_context
from devidp.system.http_server import LocalServer
from devidp.system.urls import public_base
from devidp.web.control.errors import ControlError
from devidp.web.housekeeping import warm_up
from devidp.web.runtime import Runtime

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


HOST = "127.0.0.1"
WARM_UP_AFTER = 0.05
"""Seconds."""


class Running:
    """What serves from ``start`` to ``stop``, in the process that made it; see ``DevIdP``."""

    def __init__(
        self,
        seed: SeedSource = None,
        *,
        profile: str | Path | None = None,
        host: str = HOST,
        port: int = 0,
        tls: Tls = False,
        public_url: str | None = None,
        events: Path | str | None = None,
    ) -> None:
        with ExitStack() as opening:
            self._listening = opening.enter_context(address.listen(host, port)[0])
            listens_on, taken = self._listening.getsockname()[:2]
            self.local_url = address.local_url(listens_on, taken, tls=bool(tls))
            """Where it listens, as this machine reaches it."""
            url = public_base((public_url or self.local_url).replace("{port}", str(taken)))
            found = read_seed(seed, profile)
            self._certificate = read_certificate(tls, url, seed_names(found), opening)
            app = create_app(configuration(url, host, listens_on, events, seed, profile), found)
            self._runtime: Runtime = app.extensions["devidp"]
            opening.callback(self._runtime.close)
            self._opened = opening.pop_all()
        self.wsgi_app: WSGIApplication = app.wsgi_app
        """The application, for tools that call it in process instead of over HTTP."""
        self._server: LocalServer | None = None
        self._process = os.getpid()
        self._stopped = threading.Event()
        self._warming = threading.Thread(target=self._warm_up, name="devidp-warm-up", daemon=True)

    def start(self) -> Self:
        """Start serving; ``with`` does it. Raises ControlError after ``stop``."""
        self._expect_alive()
        if self._server is None:
            if "pytest" in sys.modules:
                # it parses each module that is imported, which CPython 3.11 cannot do in two threads at a time
                warm_up(self._runtime)
            tls = server_context(self._certificate) if self._certificate else None
            self._server = LocalServer(self._listening, self.wsgi_app, tls)
            self._warming.start()
        return self

    def stop(self) -> None:
        """Stop serving, and forget everything but the events; ``with`` does it."""
        self._expect_own_process()
        self._stopped.set()
        if self._server is not None:
            self._warming.join()
            self._server.stop()
            self._server = None
        self._opened.close()

    def _expect_alive(self) -> None:
        self._expect_own_process()
        if self._stopped.is_set():
            raise ControlError("this devidp was stopped, and all that was in it is gone: make a new one with DevIdP(…)")

    def _expect_own_process(self) -> None:
        """A fork has a copy of everything but the threads: nobody would see what is changed in it."""
        if os.getpid() != self._process:
            raise ControlError(
                f"this devidp runs in process {self._process}, from which process {os.getpid()} was forked: control "
                f"and stop it there, or make one here with DevIdP(…). Over HTTP it answers both, at {self.local_url}"
            )

    def _expect_running(self) -> None:
        self._expect_alive()
        if self._server is None:
            raise ControlError("the server has not been started: use `with DevIdP() as idp:`, or call start()")

    def _warm_up(self) -> None:
        # a first answer comes sooner when nothing else runs beside it
        if not self._stopped.wait(WARM_UP_AFTER):
            warm_up(self._runtime)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.issuer}>"

    # where it is

    @property
    def url(self) -> str:
        """Base of every issuer, as clients know it."""
        return self._runtime.config.public_url

    @property
    def issuer(self) -> str:
        """The first issuer of the seed, as its tokens name it."""
        return self._runtime.first().url

    @property
    def ca_file(self) -> Path | None:
        """The CA file that clients have to trust, PEM; ``None`` unless ``tls=True``."""
        return self._certificate.ca_file if self._certificate else None

    @property
    def discovery_url(self) -> str:
        return self._runtime.first().addresses.of("openid-configuration")

    @property
    def jwks_uri(self) -> str:
        return self._runtime.first().addresses.of("jwks")
