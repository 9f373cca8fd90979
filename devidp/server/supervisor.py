"""granian, told to serve devidp quietly: it starts the workers, replaces those that die, and ends them all."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pkgutil import resolve_name
from types import FrameType
from typing import TYPE_CHECKING, Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.mp import MPServer, WorkerProcess

from devidp.models.config import Config
from devidp.server.address import BACKLOG
from devidp.server.last_seed import LastSeed
from devidp.server.log import Level, say
from devidp.server.processor import choose
from devidp.server.ready import NotReady
from devidp.server.signals import status_after
from devidp.server.tls import Certificate
from devidp.system.collector import paused

if TYPE_CHECKING:
    from devidp.web.dispatch import Application

THREADS = 16
"""Of a worker, started when they are needed: a stream, a body that stalls and an answer that is slow on purpose hold
one each. With one connection at a time they cost nothing."""
HEADER_BYTES = 64 * 1024
HEADER_SECONDS = 10
"""How long a client may take to send its headers."""
SECONDS_TO_END = 1
"""For requests that are being answered."""
SECONDS_OF_REPLICA = 8
"""The same after SIGTERM where others serve on: they may wait for PostgreSQL. Docker waits for 10 seconds."""


class Supervisor(MPServer):
    """The server process. When every worker is up, ``when_up`` asks for an answer and announces it; raises NotReady.

    It has no application of its own: a worker imports it, unless it is to be shared by several.
    """

    def __init__(
        self,
        config: Config,
        listening: Sequence[socket.socket],
        last_seed: LastSeed,
        when_up: Callable[[], None],
        certificate: Certificate | None = None,
    ) -> None:
        host, port = listening[0].getsockname()[:2]
        super().__init__(
            "devidp",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=config.workers,
            blocking_threads=THREADS,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=HEADER_BYTES),
            workers_kill_timeout=SECONDS_TO_END,
            log_enabled=False,
            ssl_cert=certificate.chain if certificate else None,
            ssl_key=certificate.key if certificate else None,
            ssl_protocol_min=SSLProtocols.tls12,
        )
        self.status = 0
        self._config = config
        self._listening = listening
        self._last_seed = last_seed
        self._when_up = when_up
        self._processors = choose(config.workers, replica=config.database is not None)
        self._ignores_hangup = _ignores_hangup()
        self._reports, self._reports_of_workers = multiprocessing.Pipe(duplex=False)
        self._ends_seen_by_workers, self._ends = multiprocessing.Pipe(duplex=False)
        self._problem = ""
        self._announcer = threading.Thread(target=self._become_ready, name="devidp-announce", daemon=True)

    def run(self) -> int:
        """Serve until stopped, and return the exit status."""
        loader: Any = partial(
            _load, self._config, self._last_seed, self._reports_of_workers, self._ends_seen_by_workers
        )
        try:
            self.serve(target_loader=loader, wrap_loader=False)
        except SystemExit:
            # granian's word for a worker that died; at a stop by signal that is the signal, which reached it too
            if not self.interrupt_signal:
                self._say("error", self._why_workers_failed())
                self.status = 1
        if self._announcer.is_alive():
            self._announcer.join(SECONDS_TO_END)  # an exit beneath a thread that loads certificates can crash
        return self.status

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        # not earlier: a thread that runs during a fork may leave its locks shut in the child
        self._announcer.start()

    def signal_handler_interrupt(self, signum: int, frame: FrameType | None) -> None:
        if signum == signal.SIGTERM and self._config.database:
            self.workers_kill_timeout = SECONDS_OF_REPLICA
        self._stop(status_after(signum))

    def signal_handler_reload(self, signum: int, frame: FrameType | None) -> None:
        """A closed terminal: granian would restart its workers and live on."""
        if not self._ignores_hangup:
            self._stop(0)

    def _stop(self, status: int) -> None:
        """End, from any thread."""
        self.status = status
        self.interrupt_signal = True
        self._ends.send(None)
        self.main_loop_interrupt.set()

    def _become_ready(self) -> None:
        """Until every worker is up, one that dies ends devidp; afterwards such a worker is replaced."""
        for _ in range(self._config.workers):
            self._problem = self._reports.recv()
            if self._problem:
                return
        self.respawn_failed_workers = True
        try:
            self._when_up()
        except Exception as error:  # noqa: BLE001 - a thread that ends silently leaves a server that is never ready
            if not self.main_loop_interrupt.is_set():
                known = isinstance(error, NotReady)
                self._say("error", str(error) if known else f"internal error while starting: {error!r}")
                self._stop(1)

    def _why_workers_failed(self) -> str:
        if self._announcer.is_alive():
            self._announcer.join(SECONDS_TO_END)
        while not (self._problem or self._announcer.is_alive()) and self._reports.poll():
            self._problem = self._reports.recv()
        if self._problem:
            return self._problem
        if self.respawn_failed_workers:
            return "a worker ended unexpectedly, and again soon after it was replaced: devidp stops"
        return "a worker ended before it could answer: devidp stops"

    def _respawn_workers(self, workers: list[int], *args: Any, **options: Any) -> None:
        named = ", ".join(str(index + 1) for index in workers)
        self._say("warning", f"worker {named} ended unexpectedly: replacing it")
        super()._respawn_workers(workers, *args, **options)

    # granian binds its sockets in the workers, and shares the port with whoever asks: between the death of a worker and
    # its successor nobody would listen, and a second devidp would get a part of the requests

    def _init_shared_socket(self) -> None:
        self._give(0)

    def _drop_shared_socket(self) -> None:
        """Every one, where granian knows the last: in a socket that stays open, connections wait for nobody."""
        for each in self._listening:
            each.close()

    def _spawn_worker(self, idx: int, *loaders: Any, **named: Any) -> WorkerProcess:
        own = self._give(idx)
        others = [each for each in self._listening if each is not own]
        named["callback_loader"] = partial(named["callback_loader"], self._processors[idx], others)
        return super()._spawn_worker(idx, *loaders, **named)

    def _give(self, worker: int) -> socket.socket:
        """The next worker that is started has this socket of ours."""
        listening = self._listening[worker % len(self._listening)]
        number = listening.fileno()
        holder: Any = SocketHolder
        shared = holder(number, *_HELD.get(sys.platform, (False,)))
        vars(self).update(_ssp=None, _sso=listening, _sfd=number, _shd=shared)
        return listening

    def _say(self, level: Level, message: str) -> None:
        say(level, message, self._config.log_format)


def _load(*arguments: Any) -> Application:
    import_worker()
    load = resolve_name("devidp.server.worker:load")
    application: Application = load(*arguments)
    return application


def import_worker() -> None:
    """Import what a worker needs, in it, or before several of them, which share it then."""
    with paused():
        resolve_name("devidp.server.worker")
    gc.freeze()  # it stays: the collector need not look at it


_HELD: Mapping[str, tuple[Any, ...]] = {"linux": (False, BACKLOG), "win32": ()}
"""What granian wants to know of a socket beside its number, which is otherwise whether it is a Unix socket."""


def _ignores_hangup() -> bool:
    """As below nohup."""
    hangup = getattr(signal, "SIGHUP", None)
    return hangup is not None and signal.getsignal(hangup) is signal.SIG_IGN
