"""Which data folder devidp serves, and that nobody else serves it."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.cli.conftest import Start
from tests.cli.running import DEADLINE, PYTHON, environment, fetch, run
from tests.durability.kill import free_port

pytestmark = pytest.mark.slow
JWKS = "/.well-known/jwks.json"


def test_the_default_folder_is_one_of_the_port_and_keys_outlast_a_restart_in_it(start: Start, tmp_path: Path) -> None:
    home, port, keys = str(tmp_path / "home"), str(free_port()), []
    for _ in range(2):
        running = start("--port", port, XDG_DATA_HOME=home)
        banner = running.banner()
        assert f"Data         {tmp_path}/home/devidp/{port}\n" in banner
        keys.append(fetch(f"http://127.0.0.1:{port}/default", JWKS)[1])
        running.end()
    assert keys[0] == keys[1]


def test_two_projects_side_by_side_never_meet(start: Start, tmp_path: Path) -> None:
    issuers = [start("--port", str(free_port()), XDG_DATA_HOME=str(tmp_path)).issuer() for _ in range(2)]
    assert fetch(issuers[0], JWKS) != fetch(issuers[1], JWKS)
    ports = [issuer.split(":")[2].split("/")[0] for issuer in issuers]
    before = run(tmp_path, "users", "--port", ports[1]).stdout
    assert run(tmp_path, "users", "disable", "alice", "--port", ports[0]).returncode == 0
    assert run(tmp_path, "users", "--port", ports[0]).stdout != before
    assert run(tmp_path, "users", "--port", ports[1]).stdout == before


def test_a_free_port_keeps_everything_in_memory(start: Start, tmp_path: Path) -> None:
    assert any(line.startswith("Data         in memory") for line in start(XDG_DATA_HOME=str(tmp_path)).banner())
    assert not (tmp_path / "devidp").exists()


def test_a_folder_that_others_may_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    for arguments in (("--port", "0"), ("--port", "0", "--workers", "2"), ("tokens", "--count", "1", "--output", "t")):
        ended = run(tmp_path, *arguments, "--data", "data")
        assert ended.returncode == 1
        assert f"{tmp_path}/data is private and has mode 0755: others may read it. Run: chmod 700" in ended.stderr
        assert ended.stderr.count("\n") <= 2


def test_the_group_is_let_in_where_it_is_said(start: Start, tmp_path: Path) -> None:
    """As on a volume of Kubernetes, whose owner is root."""
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o2770)
    assert "start devidp with --data-group" in run(tmp_path, "--port", "0", "--data", "data").stderr
    running = start("--tls", "--data", "data", "--workers", "2", DEVIDP_DATA_GROUP="1")
    assert running.issuer()
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}
    assert {"devidp.db", "devidp.db-wal", "events.db", "secret", "owner.lock", "lock", "ca-key.pem"} <= modes.keys()
    assert set(modes.values()) == {0o660}
    running.end()
    assert start("--data", "data", "--data-group").issuer()
    assert run(tmp_path, "--memory", "--data-group").returncode == 2


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_second_devidp_on_a_folder_is_refused_and_what_reads_goes_on(
    start: Start, tmp_path: Path, workers: str
) -> None:
    running = start("--data", "data", "--workers", workers)
    issuer = running.issuer()
    ended = run(tmp_path, "--port", "0", "--data", "data")
    assert ended.returncode == 1
    base = issuer.removesuffix("/default")
    assert ended.stderr == (
        f"Error: The data folder {tmp_path}/data is in use by the devidp at {base} (process {running.process.pid}). "
        "Stop that one, or give this one a folder of its own: --data DIR (DEVIDP_DATA). "
        "With --memory (DEVIDP_MEMORY) it needs none\n"
    )
    for command in (("token", "--url", base), ("tokens", "--count", "2", "--output", "tokens.txt", "--data", "data")):
        done = run(tmp_path, *command)
        assert done.returncode == 0, done.stderr
    assert fetch(issuer, JWKS)[0] == 200


def test_a_replaced_worker_serves_the_folder_of_its_parent(start: Start, tmp_path: Path) -> None:
    running = start("--data", "data")
    issuer = running.issuer()
    running.kill_worker()
    assert run(tmp_path, "--port", "0", "--data", "data").returncode == 1
    assert fetch(issuer, JWKS)[0] == 200


def test_a_folder_is_free_when_its_devidp_was_killed(start: Start) -> None:
    running = start("--data", "data", "--workers", "2")
    running.issuer()
    workers = running.workers()
    running.end(signal.SIGKILL)
    again = start("--data", "data", "--workers", "2")
    assert again.issuer()
    assert not psutil.wait_procs(workers, timeout=DEADLINE)[1]


HOMELESS = """
import os, pwd, sys
os.environ.pop("HOME", None)
def nobody(uid): raise KeyError(uid)
pwd.getpwuid = nobody
from devidp.cli.main import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("command", [("serve", "--port", "6799"), ("tokens", "--count", "1", "--output", "tokens.txt")])
def test_a_user_without_a_home_is_told_what_to_name(tmp_path: Path, command: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [PYTHON, "-c", HOMELESS, *command],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Error: This user has no home folder" in ended.stderr
    assert "--data DIR (DEVIDP_DATA)" in ended.stderr


def test_with_memory_the_folder_of_the_environment_is_not_even_looked_at(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    running = start("--memory", DEVIDP_DATA=str(tmp_path / "file" / "folder"))
    assert fetch(running.issuer(), JWKS)[0] == 200
