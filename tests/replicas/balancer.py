"""haproxy in front of replicas, with the configuration of docs/replicas: it leaves out who is away."""

from __future__ import annotations

import csv
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from devidp.system.clock import pause
from tests.cli.running import DEADLINE, fetch
from tests.replicas.deployment import BALANCER


@contextmanager
def balanced(home: Path, port: int, ports: Sequence[int]) -> Iterator[None]:
    """``port`` of loopback leads to ``ports``, for as long as the context lasts."""
    program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")
    assert program, "haproxy is missing: `make test-setup` installs it"
    path = home / "haproxy.cfg"
    # it listens already, so that nobody has to wait for haproxy
    with socket.create_server(("127.0.0.1", port), backlog=99) as listening, (home / "haproxy.log").open("w") as log:
        path.write_text(_moved(listening.fileno(), ports))
        command = [program, "-db", "-f", str(path)]
        process = subprocess.Popen(command, pass_fds=[listening.fileno()], stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(DEADLINE)


def wait_for_all(port: int) -> None:
    """Until the balancer at ``port`` has found every replica well."""
    for _ in range(DEADLINE * 10):
        table = csv.DictReader(fetch(f"http://127.0.0.1:{port}", "/balancer;csv")[1].splitlines())
        if all(row["status"] == "UP" for row in table if row["svname"].startswith("replica")):
            return
        pause(0.1)
    raise AssertionError("haproxy does not find every replica well")


def _moved(listening: int, ports: Sequence[int]) -> str:
    """The configuration with that socket, and with replicas of this machine, which it looks at more often."""
    servers = "\n    ".join(f"server replica{port} 127.0.0.1:{port}" for port in ports)
    text = BALANCER
    for there, here in (
        (r"bind :6749", f"bind fd@{listening}\n    stats enable\n    stats uri /balancer"),
        (r"server-template replica \d+ idp:6749 .*", servers),
        (r"inter 2s", "inter 200ms"),
        (r"timeout check 5s", f"timeout check {DEADLINE}s"),  # this machine may have much to do
    ):
        text, number = re.subn(there, here, text)
        assert number == 1, there
    return text
