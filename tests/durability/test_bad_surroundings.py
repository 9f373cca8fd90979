"""What can happen around a running devidp, to a real one: it says so, damages nothing, and goes on when it is over."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from devidp.system.files import private_file
from tests.cli.running import PYTHON, SCRIPT, Running, fetch
from tests.durability.client import Client

pytestmark = pytest.mark.slow

AS_OTHERS_ARE = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP of CAP_DAC_OVERRIDE: rights hold for root too
os.execv(sys.argv[1], sys.argv[1:])
"""
FULL_DISK = ("sh", "-c", 'ulimit -f 0; exec "$0" "$@"', SCRIPT)
NO_ROOM_FOR_A_DATABASE = ("sh", "-c", 'ulimit -f 8; exec "$0" "$@"', SCRIPT)
"""4 kB: a temporary file, a key, and not a database."""
ASKED = json.dumps({"redirect_uris": ["http://localhost:5555/callback"]}).encode()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def running(tmp_path: Path, data: Path) -> Iterator[Running]:
    """A devidp with two workers; in the end it has said nothing that only its makers understand."""
    server = Running(tmp_path, "serve", "--port", "0", "--data", str(data), "--workers", "2")
    yield server
    if server.process.poll() is None:
        server.end(signal.SIGTERM)
    said = server.errors()
    server.kill()
    assert "Traceback" not in said, said
    assert "A defect of devidp" not in said, said


@pytest.fixture
def issuer(running: Running) -> str:
    return running.issuer()


@pytest.fixture
def client(issuer: str) -> Iterator[Careful]:
    with closing(Careful(issuer)) as client:
        assert client.registered() == 201
        yield client


class Careful(Client):
    """A client that takes 503 for an answer."""

    highest = 503

    def registered(self) -> int:
        return self.ask("POST", "/register", ASKED, "application/json")[0]

    def found(self, path: str) -> int:
        return self.ask("GET", path)[0]


def ended(tmp_path: Path, *arguments: str, command: tuple[str, ...] = (SCRIPT,)) -> str:
    """What a devidp says that cannot start."""
    server = Running(tmp_path, "serve", "--port", "0", *arguments, command=command)
    try:
        assert server.process.wait(60) == 1
        said = server.errors()
    finally:
        server.kill()
    assert "Traceback" not in said, said
    assert len(said.splitlines()) <= 3, said
    return said


def whole(data: Path) -> bool:
    with closing(sqlite3.connect(data / "devidp.db")) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


@contextmanager
def full_disk(server: Running) -> Iterator[None]:
    """No file of the workers may grow."""
    limits = {worker.pid: resource.prlimit(worker.pid, resource.RLIMIT_FSIZE) for worker in server.workers()}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limit in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


def test_a_disk_that_fills_up_is_said_and_damages_nothing(running: Running, client: Careful, data: Path) -> None:
    assert client.found("/.well-known/jwks.json") == 200, "keys that are made are there whatever happens"
    with full_disk(running):
        assert client.registered() == 503
        assert "that the disk is not full" in running.error("cannot be used")
        assert client.found("/.well-known/jwks.json") == 200
    assert client.registered() == 201
    assert whole(data)


def test_a_disk_that_is_full_at_the_start_is_said(tmp_path: Path, data: Path) -> None:
    assert "No temporary folder can be written" in ended(tmp_path, "--data", str(data), command=FULL_DISK)
    assert not data.exists()


def test_a_data_folder_on_a_disk_that_is_full_at_the_start_is_said(tmp_path: Path, data: Path) -> None:
    data.mkdir(mode=0o700)
    said = ended(tmp_path, "--data", str(data), command=NO_ROOM_FOR_A_DATABASE)
    assert str(data) in said
    assert "disk" in said


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path, data: Path) -> None:
    data.mkdir(mode=0o500)
    said = ended(tmp_path, "--data", str(data), command=(PYTHON, "-c", AS_OTHERS_ARE, SCRIPT))
    assert "cannot be written: Permission denied" in said or "cannot be created: Permission denied" in said
    assert "use another --data folder" in said or "Give another one with --data" in said
    assert list(data.iterdir()) == []


def test_a_database_that_may_not_be_written_is_said(tmp_path: Path, data: Path) -> None:
    first = Running(tmp_path, "serve", "--port", "0", "--data", str(data))
    first.issuer()
    first.end(signal.SIGTERM)
    first.kill()
    for path in [*data.rglob("*"), data]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    said = ended(tmp_path, "--data", str(data), command=(PYTHON, "-c", AS_OTHERS_ARE, SCRIPT))
    assert "cannot be written: Permission denied" in said
    for path in [data, *data.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert whole(data)


def test_a_database_of_a_newer_devidp_is_left_as_it_is(tmp_path: Path, data: Path) -> None:
    data.mkdir(mode=0o700)
    with closing(sqlite3.connect(private_file(data / "devidp.db"))) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = (data / "devidp.db").read_bytes()
    assert "was written by a newer devidp (schema 999" in ended(tmp_path, "--data", str(data))
    assert (data / "devidp.db").read_bytes()[100:] == before[100:]


def test_a_database_that_is_damaged_while_it_is_used_is_said(
    running: Running, client: Careful, data: Path, tmp_path: Path
) -> None:
    for name in ("devidp.db", "devidp.db-wal"):
        with (data / name).open("r+b") as file:
            file.write(b"\xff" * os.fstat(file.fileno()).st_size)
    assert client.registered() in (201, 503), "pages that are in memory are still good"
    assert client.found("/.well-known/jwks.json") in (200, 503), "as are keys that this worker has read"
    # each request looks whether something has changed, and a page of the database may have left the memory
    assert client.found("/.well-known/openid-configuration") in (200, 503)
    running.end(signal.SIGTERM)
    said = ended(tmp_path, "--data", str(data))
    assert "Move it away to start with an empty one" in said


def test_a_database_that_another_program_locks_is_waited_for_and_then_said(
    running: Running, client: Careful, data: Path
) -> None:
    with closing(sqlite3.connect(data / "devidp.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert client.registered() == 503
        assert "database is locked" in running.error("cannot be used")
        connection.execute("ROLLBACK")
    assert client.registered() == 201
    assert whole(data)


def test_a_data_folder_that_is_deleted_is_said_and_devidp_goes_on(
    running: Running, issuer: str, client: Careful, data: Path
) -> None:
    while data.exists():  # keys may still be arriving in it
        shutil.rmtree(data, ignore_errors=True)
    assert client.registered() == 503
    assert running.error("cannot be used")
    assert fetch(issuer.removesuffix("/default"), "/health")[0] == 200
    assert client.found("/.well-known/openid-configuration") == 200


def test_a_clock_that_jumps_back_makes_nothing_usable_twice(issuer: str, client: Careful) -> None:
    told = client.register()
    code = client.authorize(told)
    first = client.exchange(told, code)[1]["refresh_token"]
    second = client.refresh(told, first)[1]
    client.revoke(told, second["access_token"])
    control = f"{issuer.removesuffix('/default')}/_devidp/api/clock"
    assert httpx.post(control, json={"advance": "-1d"}).status_code == 200
    assert not client.is_active(told, second["access_token"])
    third = client.refresh(told, second["refresh_token"])
    assert third[0] == 200
    assert client.is_active(told, third[1]["access_token"])
    assert client.refresh(told, first)[0] == 400
    assert client.exchange(told, code)[0] == 400
    assert client.exchange(told, client.authorize(told))[0] == 200
