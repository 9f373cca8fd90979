"""Runs the console script as its users do: as a program of its own, with a clean environment."""

from __future__ import annotations

import http.client
import os
import queue
import signal
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psutil

SCRIPT = str(Path(sysconfig.get_path("scripts")) / "devidp")
PYTHON = sys.executable
DEADLINE = 120
"""Seconds until a program that should have done something counts as broken, also on a machine that has much to do."""


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of this process without settings of devidp, and with a home folder of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DEVIDP_", "XDG_", "NO_COLOR", "FORCE_COLOR"))
    }
    return {**kept, "HOME": str(home), **(extra or {})}


def run(home: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run ``devidp`` with arguments and environment variables until it ends by itself."""
    return subprocess.run(
        [SCRIPT, *arguments],
        env=environment(home, extra),
        cwd=home,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=DEADLINE,
    )


class Running:
    """A devidp that runs; its output is read by threads, so that waiting has a deadline."""

    def __init__(self, home: Path, *arguments: str, command: tuple[str, ...] = (SCRIPT,), **extra: str) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [*command, *arguments],
            env=environment(home, extra),
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._out, self._err = _Lines(self.process.stdout), _Lines(self.process.stderr)

    def line(self) -> str:
        """The next line on stdout; empty where there is none any more."""
        return self._out.next()

    def banner(self) -> list[str]:
        """What is printed when devidp answers."""
        lines = [self.line()]
        while lines[-1] and not lines[-1].startswith("Stop"):
            lines.append(self.line())
        return lines

    def issuer(self) -> str:
        """The first issuer, from the ready line."""
        ready = self.line()
        assert " ready: " in ready, ready + self.errors()
        return ready.split(" ready: ")[1].strip()

    def error(self, part: str) -> str:
        """The next line on stderr that has this part."""
        while part not in (line := self._err.next()):
            assert line, f"devidp ended without saying {part!r}"
        return line

    def errors(self) -> str:
        """What was written to stderr since the last call, after the end."""
        return self._err.rest()

    def seen(self) -> bool:
        """Whether there is a line on stdout that was not read."""
        return self._out.any()

    def said(self) -> list[str]:
        """What was written to stderr since the last call, so far."""
        return self._err.so_far()

    def workers(self) -> list[psutil.Process]:
        return [child for child in psutil.Process(self.process.pid).children() if child.status() != "zombie"]

    def kill_worker(self) -> None:
        """Kill the only worker, and wait until it is gone: it is not to accept another connection."""
        (worker,) = self.workers()
        worker.kill()
        worker.wait(DEADLINE)

    def end(self, sent: signal.Signals = signal.SIGTERM, within: float = DEADLINE) -> int:
        """Send a signal and wait for the exit status."""
        self.process.send_signal(sent)
        return self.process.wait(within)

    def end_group(self, sent: signal.Signals) -> int:
        """Send a signal to every process, as a terminal does."""
        workers = self.workers()
        os.killpg(self.process.pid, sent)
        status = self.process.wait(DEADLINE)
        psutil.wait_procs(workers, DEADLINE)  # until then they hold the port
        return status

    def kill(self) -> None:
        """What a test does in the end, whatever has happened."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE)
        for lines in (self._out, self._err):
            lines.close()


class _Lines:
    def __init__(self, stream: IO[str] | None) -> None:
        assert stream is not None
        self._stream = stream
        self._queue: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for line in self._stream:
            self._queue.put(line)
        self._queue.put("")

    def next(self) -> str:
        return self._queue.get(timeout=DEADLINE)

    def any(self) -> bool:
        return not self._queue.empty()

    def rest(self) -> str:
        self._thread.join(DEADLINE)
        return "".join(self.so_far())

    def so_far(self) -> list[str]:
        lines: list[str] = []
        while not self._queue.empty():
            lines.append(self._queue.get())
        return lines

    def close(self) -> None:
        self._thread.join(DEADLINE)
        self._stream.close()


def fetch(url: str, path: str = "", *, body: str | None = None, **headers: str) -> tuple[int, str]:
    """GET, or POST a form, and the answer's status and text."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=DEADLINE)
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("GET" if body is None else "POST", f"{parts.path}{path}", body=body, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text
