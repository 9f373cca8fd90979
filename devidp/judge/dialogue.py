"""What a host says to a bridge over stdio, and everything that a program prints.

A bridge such as mcp-remote is an MCP server on standard input and output: without a host that talks to it, it says
nothing to the server behind it. Other programs find three lines there that they do not read.
"""

from __future__ import annotations

import json
import subprocess
import threading
from contextlib import suppress
from io import BufferedReader, FileIO
from typing import Any, cast

from devidp.judge.messages import VERSIONS

LONGEST = 64_000
"""Characters that are kept, the last ones, and bytes of a line that are read at once."""
FIRST = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": VERSIONS[0],
        "capabilities": {},
        "clientInfo": {"name": "devidp-judge", "version": "1"},
    },
}
THEN = ({"jsonrpc": "2.0", "method": "notifications/initialized"}, {"jsonrpc": "2.0", "id": 2, "method": "tools/list"})


class Dialogue:
    """With a running program; ``finished`` once the host has its answers, or an error in place of one.

    Its pipes are without buffers: the lock of one would be held for as long as anything that it started holds the pipe.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.output = ""
        self.error = ""
        self.finished = False
        self._greeted = False
        self._say(FIRST)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def last_words(self) -> str:
        """The last line that speaks of an error, or the last one, behind a colon; empty where none was printed."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        telling = [line for line in lines if "error" in line.lower()] or lines
        return f": {telling[-1]}" if telling else ""

    def wait(self) -> None:
        """Until all has been read that an ended program had to say; what it started may hold the pipe open."""
        self._thread.join(1.0)

    def _listen(self) -> None:
        """Closes the pipe at its end, which is no business of whoever waits for the program."""
        # raw, as its buffer size is 0
        pipe = cast("FileIO", self._process.stdout)
        with suppress(OSError, ValueError), BufferedReader(pipe) as lines:
            while line := lines.readline(LONGEST):
                text = line.decode(errors="replace")
                self.output = (self.output + text)[-LONGEST:]
                self._answer(text)

    def _answer(self, line: str) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            return
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0" or message.get("id") not in (1, 2):
            return
        if "error" in message:
            self.error = str(message["error"].get("message", "an error") if isinstance(message["error"], dict) else "")
            self.finished = True
        elif message["id"] == 2:
            self.finished = True
        elif not self._greeted:
            self._greeted = True
            for each in THEN:
                self._say(each)

    def _say(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):  # a program that does not listen
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
