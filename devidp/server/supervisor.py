"""The worker processes: starts them, starts them again when they die, and ends them all."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing import connection as pipes

from devidp.models.config import Config
from devidp.server.last_seed import LastSeed
from devidp.server.log import Level, say
from devidp.server.readiness import NotReady
from devidp.server.tls import Certificate
from devidp.server.worker import SECONDS_TO_END, work
from devidp.system.clock import stopwatch

AGAIN_SECONDS = 5.5
"""A worker that dies so soon after it was replaced would do so for ever."""


def heed(act: Callable[[int], None]) -> Sequence[signal.Signals]:
    """Have ``act`` called with the signals that end devidp, which are returned."""
    heeded = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as it is below nohup
        heeded.append(signal.SIGHUP)
    for each in heeded:
        signal.signal(each, lambda sent, _: act(sent))
    return heeded


def status_after(sent: int) -> int:
    """The exit status when a signal was sent."""
    return 130 if sent == signal.SIGINT else 0


class Supervisor:
    """One worker for each of ``listening``, or ``workers`` that share the only one."""

    def __init__(
        self,
        config: Config,
        listening: Sequence[socket.socket],
        workers: int,
        last_seed: LastSeed,
        when_up: Callable[[], None],
        certificate: Certificate | None = None,
    ) -> None:
        self._config = config
        self._listening = [listening[each % len(listening)] for each in range(workers)]
        self._last_seed = last_seed
        self._when_up = when_up
        self._certificate = certificate
        self._status: int | None = None
        """The exit status, once it is known."""
        self._is_up = False
        self._workers: list[multiprocessing.process.BaseProcess] = []
        self._replaced = [-AGAIN_SECONDS] * workers
        """When each worker was, by the stopwatch."""
        self._announcer = threading.Thread(target=self._become_ready, name="announce", daemon=True)
        self._problems, self._problems_of_workers = multiprocessing.Pipe(duplex=False)
        self._told, self._tell = multiprocessing.Pipe(duplex=False)

    def run(self) -> int:
        """Serve until stopped, and return the exit status."""
        if sys.platform == "linux" and multiprocessing.get_start_method(allow_none=True) is None:
            # A forked worker has the modules already; Python 3.14 would start an interpreter for each.
            multiprocessing.set_start_method("fork")
        heeded = heed(lambda sent: self._stop(status_after(sent)))
        try:
            for number in range(len(self._listening)):
                self._workers.append(self._started(number))
            # Not earlier: a thread that runs during a fork may leave its locks shut in the child.
            self._announcer.start()
            while self._status is None:
                if self._told in pipes.wait([self._told, *(worker.sentinel for worker in self._workers)]):
                    self._told.recv()
                self._replace_dead()
            return self._status
        finally:
            self._end_workers()
            self._end_announcer()
            for each in heeded:  # once is enough
                signal.signal(each, signal.SIG_IGN)

    def _stop(self, status: int) -> None:
        """End, from any thread."""
        if self._status is None:
            self._status = status
            self._tell.send(None)

    def _become_ready(self) -> None:
        """Before devidp has answered, a worker that dies ends it; afterwards such a worker is replaced."""
        try:
            self._when_up()
        except NotReady as error:
            if self._status is None:
                self._say("error", str(error))
                self._stop(1)
        else:
            self._is_up = True

    def _started(self, number: int) -> multiprocessing.process.BaseProcess:
        worker = multiprocessing.Process(
            target=work,
            name=f"devidp-worker-{number + 1}",
            args=(
                self._config,
                self._last_seed,
                self._problems_of_workers,
                self._listening[number],
                self._certificate,
            ),
        )
        worker.start()
        return worker

    def _replace_dead(self) -> None:
        dead = [number for number, worker in enumerate(self._workers) if not worker.is_alive()]
        if not dead or self._status is not None:
            return
        now = stopwatch()
        if not self._is_up or any(now - self._replaced[number] < AGAIN_SECONDS for number in dead):
            self._say("error", self._why_workers_failed())
            self._status = 1
            return
        named = ", ".join(str(number + 1) for number in dead)
        self._say("warning", f"worker {named} ended unexpectedly: replacing it")
        for number in dead:
            self._replaced[number] = now
            self._workers[number] = self._started(number)

    def _why_workers_failed(self) -> str:
        if self._problems.poll():
            return str(self._problems.recv())
        if self._is_up:
            return "a worker ended unexpectedly, and again soon after it was replaced: devidp stops"
        return "a worker ended before it could answer: devidp stops"

    def _end_workers(self) -> None:
        for worker in self._workers:
            worker.terminate()
        until = stopwatch() + 2 * SECONDS_TO_END
        for worker in self._workers:
            worker.join(max(until - stopwatch(), 0))
            if worker.is_alive():
                worker.kill()
                worker.join()

    def _end_announcer(self) -> None:
        """It may wait for an answer that nobody gives any more, and to exit below its feet can end in a crash."""
        for each in self._listening:
            each.close()
        if self._announcer.ident is not None:
            self._announcer.join(SECONDS_TO_END)

    def _say(self, level: Level, message: str) -> None:
        say(level, message, self._config.log_format)
