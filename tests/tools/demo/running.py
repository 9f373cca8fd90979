"""``devidp demo`` as a program of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.running import Running


@contextmanager
def demo_running(home: Path, *flags: str) -> Iterator[Running]:
    """It takes free ports, and keeps what it has in ``home``."""
    running = Running(home, "demo", "--port", "0", "--mcp-port", "0", *flags, DEVIDP_DATA=str(home / "data"))
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.end()
        running.kill()


def mcp_server(demo: Running) -> str:
    """The URL of the MCP server, once it is there."""
    while not (found := re.match(r"demo MCP server: (\S+)", line := demo.line())):
        assert line, demo.errors()
    return found[1]
