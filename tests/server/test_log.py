"""What devidp writes to stderr, whether or not somebody reads it."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.cli.running import DEADLINE, SCRIPT, environment, fetch

pytestmark = pytest.mark.slow
JWKS = "/default/.well-known/jwks.json"
SMALLEST_PIPE = 4096
MORE_LINES_THAN_FIT = 400


@contextmanager
def unread(home: Path, *arguments: str) -> Iterator[tuple[str, int, psutil.Process]]:
    """A devidp whose stderr is a small pipe that nobody reads: its URL, the end to read, and its process."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
    program = subprocess.Popen(
        [SCRIPT, "serve", "--port", "0", *arguments],
        env=environment(home),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=writing,
        text=True,
    )
    os.close(writing)
    try:
        assert program.stdout is not None
        url = program.stdout.readline().split(" ready: ")[1].strip().removesuffix("/default")
        yield url, reading, psutil.Process(program.pid)
    finally:
        program.terminate()
        program.wait(DEADLINE)
        program.communicate()
        os.close(reading)


@pytest.mark.parametrize("arguments", [("--memory",), ("--workers", "2", "--data", "data")], ids=["one", "two"])
def test_a_log_that_nobody_reads_holds_no_answer_up(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with unread(tmp_path, *arguments) as (url, reading, _):
        assert {fetch(url, JWKS)[0] for _ in range(MORE_LINES_THAN_FIT)} == {200}
        assert len(os.read(reading, 2 * SMALLEST_PIPE)) <= SMALLEST_PIPE
        assert {fetch(url, JWKS)[0] for _ in range(20)} == {200}
        assert b"lines of the log were lost: nobody read stderr" in os.read(reading, SMALLEST_PIPE)


def test_a_worker_is_replaced_although_nobody_reads_that_it_died(tmp_path: Path) -> None:
    with unread(tmp_path, "--memory") as (url, _, process):
        assert {fetch(url, JWKS)[0] for _ in range(MORE_LINES_THAN_FIT)} == {200}
        (worker,) = process.children()
        worker.kill()
        worker.wait(DEADLINE)
        assert fetch(url, JWKS)[0] == 200
