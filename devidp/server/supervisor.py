"""granian, told to serve devidp from one socket and to be quiet about it."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType
from typing import Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.server.mp import MPServer, WorkerProcess

from devidp.config import Config
from devidp.server.address import BACKLOG
from devidp.server.last_seed import LastSeed
from devidp.server.log import Level, say
from devidp.server.readiness import NotReady
from devidp.server.tls import Certificate
from devidp.server.worker import load

HEADER_BYTES = 64 * 1024
SECONDS_TO_STOP = 1


class Supervisor(MPServer):
    """Starts the workers, starts them again when they die, and ends them all."""

    def __init__(
        self,
        config: Config,
        listening: Sequence[socket.socket],
        workers: int,
        last_seed: LastSeed,
        when_up: Callable[[], None],
        certificate: Certificate | None = None,
    ) -> None:
        host, port = listening[0].getsockname()[:2]
        super().__init__(
            "devidp",
            address=host,
            port=port,
            interface=Interfaces.RSGI,
            workers=workers,
            blocking_threads=1,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            http1_settings=HTTP1Settings(max_buffer_size=HEADER_BYTES),
            workers_kill_timeout=SECONDS_TO_STOP,
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
        self._ignores_hangup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        self._problems, self._problems_of_workers = multiprocessing.Pipe(duplex=False)

    def run(self) -> int:
        """Serve until stopped, and return the exit status."""
        if sys.platform == "linux" and multiprocessing.get_start_method(allow_none=True) is None:
            # A forked worker has the modules already; Python 3.14 would start an interpreter for each.
            multiprocessing.set_start_method("fork")
        try:
            loader: Any = partial(load, self._config, self._last_seed, self._problems_of_workers)
            self.serve(target_loader=loader, wrap_loader=False)
        except SystemExit:
            if not self.interrupt_signal:
                self._say("error", self._why_workers_failed())
                return 1
        return self.status

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        # Not earlier: a thread that runs during a fork may leave its locks shut in the child.
        threading.Thread(target=self._become_ready, name="announce", daemon=True).start()

    def stop(self, status: int) -> None:
        """End, from any thread."""
        self.status = status
        self.interrupt_signal = True
        self.main_loop_interrupt.set()

    def signal_handler_interrupt(self, signum: int, frame: FrameType | None) -> None:
        self.stop(130 if signum == signal.SIGINT else 0)

    def signal_handler_reload(self, signum: int, frame: FrameType | None) -> None:
        """A closed terminal: granian would restart its workers and live on."""
        if not self._ignores_hangup:
            self.stop(0)

    def _become_ready(self) -> None:
        """Before devidp has answered, a worker that dies ends it; afterwards such a worker is replaced."""
        try:
            self._when_up()
        except NotReady as error:
            if not self.main_loop_interrupt.is_set():
                self._say("error", str(error))
                self.stop(1)
        else:
            self.respawn_failed_workers = True

    def _why_workers_failed(self) -> str:
        if self._problems.poll():
            return str(self._problems.recv())
        if self.respawn_failed_workers:
            return "a worker ended unexpectedly, and again soon after it was replaced: devidp stops"
        return "a worker ended before it could answer: devidp stops"

    def _respawn_workers(self, workers: list[int], *args: Any, **options: Any) -> None:
        self._say(
            "warning", f"worker {', '.join(str(index + 1) for index in workers)} ended unexpectedly: replacing it"
        )
        super()._respawn_workers(workers, *args, **options)

    def _init_shared_socket(self) -> None:
        """Ours in place of granian's, which it makes without looking whether the port is taken."""
        self._give(0)

    def _spawn_worker(self, idx: int, *loaders: Any, **named: Any) -> WorkerProcess:
        self._give(idx)
        return super()._spawn_worker(idx, *loaders, **named)

    def _give(self, worker: int) -> None:
        """The next worker that is started has this socket."""
        listening = self._listening[worker % len(self._listening)]
        number = listening.fileno()
        holder: Any = SocketHolder
        shared = holder(number, False, BACKLOG) if sys.platform == "linux" else holder(number, False)
        vars(self).update(_ssp=None, _sso=listening, _sfd=number, _shd=shared)

    def _say(self, level: Level, message: str) -> None:
        say(level, message, self._config.log_format)
