"""devidp and the demo server together: devidp as a process of its own, and the server in this one."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import uvicorn

from devidp.system.clock import Clock, pause
from devidp.tools.demo.app import create_app
from devidp.tools.demo.settings import Mode, Settings, TrustedIssuer

HOST = "127.0.0.1"
SECONDS_TO_END = 10
_KEPT = ("DEVIDP_DATA", "DEVIDP_DATA_GROUP")


class LaunchError(Exception):
    """The demo cannot be started, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Plan:
    serve: Sequence[str]
    """Flags of ``devidp serve``."""
    tls: bool
    port: int
    mode: Mode
    issuers: Mapping[str, Mapping[str, Any]]
    """For each issuer's name, what ``TrustedIssuer`` has beside its URL."""
    owners: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What ``Settings`` have beside all this."""


def run(plan: Plan) -> int:
    """Serve until stopped, and return the exit status. Raises LaunchError."""
    signal.signal(signal.SIGTERM, _end)
    with _listen(plan.port) as listening, tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        resource = f"{'https' if plan.tls else 'http'}://localhost:{listening.getsockname()[1]}/mcp"
        devidp = _start_devidp([*plan.serve, "--default-audience", resource], ready)
        try:
            report = _wait(devidp, ready)
            if report is not None:
                _serve(plan, resource, report, listening, devidp)
        except KeyboardInterrupt:
            return 130
        finally:
            _stop(devidp)
        # it ended before us: it has said why
        return devidp.returncode or 1


def _end(_signum: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise LaunchError(
            f"the MCP server cannot listen on port {port}: {error.strerror}. Stop what holds it, or name another: "
            "--mcp-port 0 takes a free one."
        ) from error


def _start_devidp(flags: Sequence[str], ready: Path) -> subprocess.Popen[bytes]:
    # a setting of the environment that this process does not know would make two of them
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or not name.startswith("DEVIDP_")}
    command = [sys.executable, "-m", "devidp", "serve", *flags, "--ready-file", str(ready)]
    return subprocess.Popen(command, env=kept)  # noqa: S603 - our own program


def _wait(devidp: subprocess.Popen[bytes], ready: Path) -> dict[str, Any] | None:
    """What devidp says of itself when it answers; ``None`` where it ends before."""
    while devidp.poll() is None:
        if ready.exists():
            report: dict[str, Any] = json.loads(ready.read_text(encoding="utf-8"))
            return report
        pause(0.05)
    return None


def _serve(
    plan: Plan, resource: str, report: dict[str, Any], listening: socket.socket, devidp: subprocess.Popen[bytes]
) -> None:
    ca_file = Path(report["ca_file"]) if report["ca_file"] else None
    issuers = tuple(
        TrustedIssuer(url=each["issuer"], ca_file=ca_file, **plan.issuers[each["name"]]) for each in report["issuers"]
    )
    settings = Settings(resource=resource, issuers=issuers, mode=plan.mode, owners=plan.owners, **plan.settings)
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("devidp.tools.demo.audit").setLevel(logging.INFO)
    app = create_app(settings, Clock().now)
    certificate: dict[str, Any] = {}
    if ca_file is not None:  # devidp's own certificate lies beside its CA, and is good for this machine
        folder = ca_file.parent
        certificate = {"ssl_certfile": folder / "server.pem", "ssl_keyfile": folder / "server-key.pem"}
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, **certificate))
    threading.Thread(target=_end_with, args=(devidp, server), daemon=True).start()
    print(f"demo MCP server: {resource} (tokens checked by {plan.mode})", flush=True)  # noqa: T201
    server.run(sockets=[listening])


def _end_with(devidp: subprocess.Popen[bytes], server: uvicorn.Server) -> None:
    devidp.wait()
    server.should_exit = True


def _stop(devidp: subprocess.Popen[bytes]) -> None:
    devidp.terminate()
    try:
        devidp.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        devidp.kill()
        devidp.wait()
