"""The processes of ``devidp serve``: how they end, and what happens when one dies."""

from __future__ import annotations

import http.client
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from devidp.system.files import private_file
from tests.cli.conftest import Start
from tests.cli.running import DEADLINE, PYTHON, SCRIPT, Running, fetch, run

pytestmark = pytest.mark.slow
only_linux_has_affinity = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux lets a process choose its processor"
)
JWKS = "/.well-known/jwks.json"
SPAWN = "import multiprocessing; multiprocessing.set_start_method('spawn'); from devidp.cli.main import main; main()"
NOHUP = "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
TERMINAL = NOHUP.replace("SIG_IGN", "SIG_DFL")
"""Also where the tests themselves run below nohup."""


@contextmanager
def _connection(issuer: str) -> Iterator[http.client.HTTPConnection]:
    parts = urlsplit(issuer)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=DEADLINE)
    yield connection
    connection.close()


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130), (signal.SIGHUP, 0)])
def test_a_signal_ends_devidp_and_its_workers_quietly(start: Start, sent: signal.Signals, status: int) -> None:
    running = start("--memory", command=(PYTHON, "-c", TERMINAL, SCRIPT))
    running.issuer()
    workers = running.workers()
    assert running.end(sent) == status
    assert running.errors().count("\n") <= 1
    assert workers
    assert not any(worker.is_running() for worker in workers)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process of its own reads the seed")
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_signal_ends_devidp_while_it_reads_a_large_seed(
    start: Start, tmp_path: Path, sent: signal.Signals, status: int
) -> None:
    running, reader = _reading_a_large_seed(start, tmp_path)
    assert running.end(sent) == status
    assert not psutil.wait_procs(reader, timeout=DEADLINE)[1]
    assert "Error" not in running.errors()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process of its own reads the seed")
def test_where_the_process_that_reads_the_seed_is_killed_devidp_says_so(start: Start, tmp_path: Path) -> None:
    running, (reader,) = _reading_a_large_seed(start, tmp_path)
    reader.kill()
    assert running.process.wait(DEADLINE) == 1
    assert f"the process that reads the seed ended with exit code {-signal.SIGKILL}" in running.errors()


def _reading_a_large_seed(start: Start, folder: Path) -> tuple[Running, list[psutil.Process]]:
    """A devidp, and the process in which it reads its seed."""
    users = "\n".join(f"  user{number}: {{claims: {{name: {'x' * 100}}}}}" for number in range(2000))
    (folder / "large.yaml").write_text(f"users:\n{users}\n")
    running = start("--memory", "--seed", "large.yaml")
    while not (reader := running.workers()):
        assert running.process.poll() is None
    return running, reader


def test_ctrl_c_reaches_every_process_and_is_no_failure(start: Start) -> None:
    running = start("--data", "data", "--workers", "2")
    running.issuer()
    assert running.end_group(signal.SIGINT) == 130
    assert "unexpectedly" not in running.errors()


def test_devidp_ends_soon_although_connections_are_open(start: Start) -> None:
    running = start("--memory")
    issuer = running.issuer()
    with _connection(issuer) as idle, _connection(issuer) as halfway:
        idle.request("GET", "/health")
        assert idle.getresponse().read()
        halfway.putrequest("POST", "/default/token")
        halfway.putheader("Content-Length", "100")
        halfway.endheaders(b"grant_type=")
        assert running.end() == 0


def test_nohup_keeps_devidp_alive_when_the_terminal_closes(start: Start) -> None:
    from_nohup = start("--memory", command=(PYTHON, "-c", NOHUP, SCRIPT))
    issuer = from_nohup.issuer()
    from_nohup.process.send_signal(signal.SIGHUP)
    assert fetch(issuer, JWKS)[0] == 200
    assert from_nohup.end() == 0


def test_a_worker_that_dies_is_replaced_and_no_request_is_refused(start: Start) -> None:
    running = start("--data", "data")
    issuer = running.issuer()
    before = fetch(issuer, JWKS)
    running.kill_worker()
    assert fetch(issuer, JWKS) == before
    running.end()
    assert "worker 1 ended unexpectedly: replacing it" in running.errors()


def test_a_worker_that_dies_again_at_once_ends_devidp(start: Start) -> None:
    running = start("--data", "data")
    issuer = running.issuer()
    running.kill_worker()
    assert fetch(issuer, JWKS)[0] == 200
    running.kill_worker()
    assert running.process.wait(DEADLINE) == 1
    assert "again soon after it was replaced" in running.errors()


def test_workers_do_not_outlive_a_parent_that_is_killed(start: Start) -> None:
    running = start("--data", "data", "--workers", "2")
    running.issuer()
    workers = running.workers()
    running.end(signal.SIGKILL)
    assert len(workers) == 2
    assert not psutil.wait_procs(workers, timeout=DEADLINE)[1]


def test_two_workers_serve_the_same_keys(start: Start) -> None:
    running = start("--data", "data", "--workers", "2")
    issuer = running.issuer()
    assert len(running.workers()) == 2
    assert len({fetch(issuer, JWKS) for _ in range(20)}) == 1


def _processors(running: Running) -> list[set[int]]:
    return [os.sched_getaffinity(worker.pid) for worker in running.workers()]


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a start would take longer for it")
def test_no_process_keeps_in_memory_what_read_the_seed(start: Start, workers: str) -> None:
    running = start("--data", "data", "--workers", workers)
    assert fetch(running.issuer(), JWKS)[0] == 200
    processes = [psutil.Process(running.process.pid), *running.workers()]
    loaded = [{Path(part.path).name.partition(".")[0] for part in process.memory_maps()} for process in processes]
    assert ["_sqlite3" in libraries for libraries in loaded[1:]] == [True] * int(workers)
    assert set.union(*loaded) & {"_pydantic_core", "_yaml"} == set()


@only_linux_has_affinity
def test_each_worker_stays_on_a_processor_of_its_own(start: Start) -> None:
    running = start("--data", "data", "--workers", "2")
    running.issuer()
    assert [len(each) for each in _processors(running)] == [1, 1]
    assert len(set.union(*_processors(running))) == min(2, len(os.sched_getaffinity(running.process.pid)))


@only_linux_has_affinity
def test_the_successor_of_a_worker_takes_its_processor(start: Start) -> None:
    running = start("--data", "data")
    issuer, before = running.issuer(), _processors(running)
    running.kill_worker()
    assert fetch(issuer, JWKS)[0] == 200
    assert _processors(running) == before


def test_workers_can_be_spawned_where_they_cannot_be_forked(start: Start) -> None:
    running = start("--data", "data", "--workers", "2", command=(PYTHON, "-c", SPAWN))
    issuer = running.issuer()
    assert fetch(issuer, JWKS)[0] == 200
    assert running.end() == 0


def test_a_data_folder_that_cannot_be_had_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = run(tmp_path, "--port", "0", "--workers", "2", "--data", "file/data")
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Error: The data folder {tmp_path}/file/data cannot be created")
    assert ended.stderr.count("\n") == 1


def test_an_invalid_database_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    private_file(tmp_path / "data" / "devidp.db").write_bytes(b"not a database, but long enough to be looked at" * 50)
    ended = run(tmp_path, "--port", "0", "--data", "data")
    assert ended.returncode == 1
    assert "devidp.db" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux deals connections out to sockets that share a port")
def test_connections_are_dealt_out_to_the_workers(start: Start) -> None:
    running = start("--data", "data", "--workers", "2")
    issuer = running.issuer()
    with ExitStack() as opened:
        for _ in range(64):
            connection = opened.enter_context(_connection(issuer))
            connection.request("GET", "/health")
            assert connection.getresponse().read()
        held = [
            sum(each.status == psutil.CONN_ESTABLISHED for each in worker.net_connections())
            for worker in running.workers()
        ]
    assert min(held) > 8, held
