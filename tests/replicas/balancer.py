"""haproxy in front of replicas, as a team would have it: it asks each for its health, and leaves out who is away."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from devidp.system.clock import pause
from tests.cli.running import DEADLINE

CONFIGURATION = """\
defaults
  mode http
  timeout connect 1s
  timeout client {deadline}s
  timeout server {deadline}s
  retries 3
  option redispatch
frontend devidp
  bind 127.0.0.1:{port}
  default_backend replicas
backend replicas
  balance roundrobin
  option httpchk GET /health/ready
  http-check expect status 200
  default-server check inter 200ms fall 2 rise 1
"""


@contextmanager
def balanced(home: Path, port: int, ports: Sequence[int]) -> Iterator[None]:
    """``port`` of loopback leads to ``ports``, for as long as the context lasts."""
    program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")
    assert program, "haproxy is missing: `make test-setup` installs it"
    servers = (f"  server replica{number} 127.0.0.1:{each}\n" for number, each in enumerate(ports))
    path = home / "haproxy.cfg"
    path.write_text(CONFIGURATION.format(port=port, deadline=DEADLINE) + "".join(servers))
    with (home / "haproxy.log").open("w") as log:
        process = subprocess.Popen([program, "-db", "-f", path], stdout=log, stderr=log)
    try:
        _wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(DEADLINE)


def _wait_for(port: int) -> None:
    for _ in range(DEADLINE * 10):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        pause(0.1)
    raise AssertionError("haproxy does not listen")
