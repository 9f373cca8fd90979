"""What the server process writes to stderr, as text or JSON."""

from __future__ import annotations

import json
import logging
import os
import socket
import stat
from collections.abc import Callable
from functools import cached_property, partial
from typing import Literal

from devidp.models.config import LogFormat
from devidp.system.terminal import ESCAPED, RED, has_colors, stderr_encoding

Level = Literal["warning", "error"]


def say(level: Level, message: str, log_format: LogFormat) -> None:
    """Print one line on stderr."""
    STDERR.write(json.dumps({"level": level, "message": message}) if log_format == "json" else f"{level}: {message}")


class Stderr:
    """Writes whole lines. A pipe or socket that nobody reads loses them when it is full, and holds nobody up."""

    def __init__(self) -> None:
        self._lost = 0

    def write(self, line: str) -> None:
        text = f"{self._notice(in_json=line.startswith('{'))}{line}\n".encode(self._encoding, ESCAPED)
        try:
            # a pipe takes up to 4,096 bytes as a whole or not at all
            self._lost = 0 if self._write(text) == len(text) else 1
        except OSError:
            self._lost += 1

    def _notice(self, *, in_json: bool) -> str:
        """Says what was lost, in the format of the log, on a line of its own: the last line may have been cut."""
        if not self._lost:
            return ""
        lost = f"{self._lost} lines of the log were lost: nobody read stderr"
        return f"\n{json.dumps({'level': 'warning', 'message': lost}) if in_json else f'({lost})'}\n"

    @cached_property
    def _encoding(self) -> str:
        return stderr_encoding()

    @cached_property
    def _write(self) -> Callable[[bytes], int]:
        """Writes without waiting: to a pipe by another one, as its own is shared with programs that expect it to."""
        try:
            kind = os.fstat(2).st_mode
            if stat.S_ISFIFO(kind):
                return partial(os.write, os.open("/proc/self/fd/2", os.O_WRONLY | os.O_NONBLOCK))
            if stat.S_ISSOCK(kind):  # what Node gives to a program that it starts
                shared = socket.socket(fileno=os.dup(2))
                return lambda text: shared.send(text, socket.MSG_DONTWAIT)
        except (OSError, AttributeError):
            pass  # closed, or a system without /proc, or without a way not to wait
        return partial(os.write, 2)


STDERR = Stderr()


class _Handler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        STDERR.write(self.format(record))


class TextFormatter(logging.Formatter):
    """The message alone; what went wrong is red on a terminal."""

    def __init__(self) -> None:
        super().__init__("%(message)s")
        self._colors = has_colors(2)

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        return RED.format(line) if self._colors and record.levelno >= logging.WARNING else line


class JsonFormatter(logging.Formatter):
    """Every record as one JSON object; events come as JSON already."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if message.startswith("{"):
            return message
        fields = {"level": record.levelname.lower(), "message": message}
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields)


def configure_logging(log_format: LogFormat) -> None:
    """Send the logs of devidp and asyncio to stderr."""
    _collect_nothing_unsaid()
    handler = _Handler()
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    for name, level in (("devidp", logging.INFO), ("asyncio", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)


def _collect_nothing_unsaid() -> None:
    """No format says which line of code, thread or process logged ("Optimization" in Python's how-to of logging)."""
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
