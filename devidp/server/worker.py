"""A worker process, from its start to its end."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import resource
import signal
import socket
import threading
from contextlib import suppress
from functools import partial
from multiprocessing import connection as pipes
from typing import TYPE_CHECKING

from devidp.seed import SeedError
from devidp.server import tls
from devidp.server.address import BACKLOG
from devidp.server.connection import REQUEST_SECONDS, Connection
from devidp.server.connections import Connections
from devidp.server.gateway import Gateway
from devidp.server.housekeeping import Housekeeper
from devidp.server.last_seed import LastSeed
from devidp.server.log import configure_logging
from devidp.server.tls import Certificate
from devidp.system.files import PrivateFileError
from devidp.web.app import configured_seed, create_app
from devidp.web.runtime import Runtime, StartError

try:
    import uvloop
except ImportError:  # not every Python has one
    new_event_loop = asyncio.new_event_loop
else:
    new_event_loop = uvloop.new_event_loop

COLLECT_AFTER = 5_000
"""Objects. What a request makes is gone with it: to look for cycles after every 700 costs a twentieth of the time."""

FILES = 4096
"""More than MAX_OPEN connections need."""
SECONDS_TO_END = 1
"""For requests that are being answered."""

if TYPE_CHECKING:
    from flask import Flask

    from devidp.models.config import Config


def work(
    config: Config,
    last_seed: LastSeed,
    problems: pipes.Connection,
    listening: socket.socket,
    certificate: Certificate | None,
) -> None:
    """Serve what connects to ``listening``, until told to end.

    What keeps the application from being created is sent to the parent, which prints it once for all workers.
    """
    _leave_signals_to_parent()
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
    configure_logging(config.log_format)
    _have_files()
    try:
        # here, not in the parent: threads and database connections do not survive a fork
        app = _application(config, last_seed)
    except (StartError, PrivateFileError) as error:
        problems.send(str(error))
        raise SystemExit(1) from None
    runtime: Runtime = app.extensions["devidp"]
    Housekeeper(runtime, last_seed.keep).start()
    gc.freeze()  # what was loaded stays
    gc.set_threshold(COLLECT_AFTER)
    gateway = Gateway(app.extensions["devidp.serving"], app.wsgi_app, lambda: bool(runtime.controls.current.failures))
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(_serve(gateway, listening, certificate))


def _have_files() -> None:
    """Room for connections that have not said anything over TLS yet, beside those that are counted."""
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if least < FILES:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most) if most > 0 else FILES, most))


async def _serve(gateway: Gateway, listening: socket.socket, certificate: Certificate | None) -> None:
    loop, told_to_end = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, told_to_end.set)
    connections = Connections(loop)
    accept = partial(Connection, gateway, connections, "https" if certificate else "http")
    shown = tls.shown(certificate) if certificate else None
    server = await loop.create_server(
        accept,
        sock=listening,
        backlog=BACKLOG,
        ssl=shown,
        ssl_handshake_timeout=REQUEST_SECONDS if shown else None,
    )
    await told_to_end.wait()
    server.close()
    await connections.end(SECONDS_TO_END)


def _leave_signals_to_parent() -> None:
    """Ctrl-C and a closed terminal reach every process; only the parent acts on them, and ends the workers in order."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _application(config: Config, last_seed: LastSeed) -> Flask:
    """What replaces a worker while the seed is edited and cannot be taken goes on with the last; its poll says why."""
    try:
        seed = configured_seed(config)
    except SeedError:
        return create_app(config, last_seed.read())
    try:
        return create_app(config, seed)
    except StartError:
        last = last_seed.read()
        if seed == last:
            raise
        return create_app(config, last)


def _end_with_parent() -> None:
    """A parent that was killed cannot stop its workers, and they would hold the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
