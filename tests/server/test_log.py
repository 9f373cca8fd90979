"""What devidp writes to stderr, whether or not somebody reads it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.cli.running import DEADLINE, SCRIPT, environment, fetch

pytestmark = pytest.mark.slow
JWKS = "/default/.well-known/jwks.json"
SMALLEST_PIPE = 4096
MORE_LINES_THAN_FIT = 400


def small_pipe() -> tuple[int, int]:
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
    return reading, writing


def small_socket() -> tuple[int, int]:
    """What Node gives to a program that it starts."""
    reading, writing = socket.socketpair()
    writing.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALLEST_PIPE)
    return reading.detach(), writing.detach()


@contextmanager
def unread(
    home: Path, *arguments: str, ends: Callable[[], tuple[int, int]] = small_pipe
) -> Iterator[tuple[str, int, psutil.Process]]:
    """A devidp whose stderr nobody reads, and holds little: its URL, the end to read, and its process."""
    reading, writing = ends()
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


def test_a_socket_that_nobody_reads_holds_no_answer_up_either(tmp_path: Path) -> None:
    with unread(tmp_path, "--memory", ends=small_socket) as (url, reading, _):
        assert {fetch(url, JWKS)[0] for _ in range(MORE_LINES_THAN_FIT)} == {200}
        assert len(os.read(reading, 100 * SMALLEST_PIPE)) > 0
        assert {fetch(url, JWKS)[0] for _ in range(2)} == {200}
        assert b"lines of the log were lost: nobody read stderr" in os.read(reading, 100 * SMALLEST_PIPE)


def test_what_was_lost_is_said_in_json_where_the_log_is_json(tmp_path: Path) -> None:
    with unread(tmp_path, "--memory", "--log-format", "json") as (url, reading, _):
        assert {fetch(url, JWKS)[0] for _ in range(MORE_LINES_THAN_FIT)} == {200}
        os.read(reading, 2 * SMALLEST_PIPE)
        assert fetch(url, JWKS)[0] == 200
        lines = os.read(reading, SMALLEST_PIPE).decode().splitlines()
        said = [json.loads(line) for line in lines if line]
        assert any("lines of the log were lost" in str(each.get("message")) for each in said)


def test_a_worker_is_replaced_although_nobody_reads_that_it_died(tmp_path: Path) -> None:
    with unread(tmp_path, "--memory") as (url, _, process):
        assert {fetch(url, JWKS)[0] for _ in range(MORE_LINES_THAN_FIT)} == {200}
        (worker,) = process.children()
        worker.kill()
        worker.wait(DEADLINE)
        assert fetch(url, JWKS)[0] == 200
