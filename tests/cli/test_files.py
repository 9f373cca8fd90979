"""Files that a command line names, and that are no files: they are told, and nobody waits for them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.running import run

pytestmark = pytest.mark.slow
SERVE = ("serve", "--port", "0", "--memory")
SAID = "this is a pipe, expected a file"


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "pipe"),
        (*SERVE, "--seed", "pipe"),
        (*SERVE, "--events", "pipe"),
        (*SERVE, "--ready-file", "pipe"),
        (*SERVE, "--tls-cert", "pipe", "--tls-key", "pipe"),
        ("init", "pipe", "--force"),
        ("tokens", "--count", "1", "--data", "data", "--output", "pipe"),
        ("tokens", "--count", "1", "--data", "data", "--output", "tokens.txt", "--template", "pipe"),
    ],
    ids=" ".join,
)
def test_a_pipe_is_told_and_left_as_it_is(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    os.mkfifo(tmp_path / "pipe")
    ended = run(tmp_path, *arguments)
    assert ended.returncode in (1, 2)
    assert SAID in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("name", ["secret", "devidp.db", "lock", "owner.lock", "tls/ca.pem", "tls/ca-key.pem"])
def test_a_pipe_in_the_data_folder_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "data" / "tls").mkdir(parents=True)
    for folder in ("data", "data/tls"):
        (tmp_path / folder).chmod(0o700)
    os.mkfifo(tmp_path / "data" / name)
    ended = run(tmp_path, "serve", "--port", "0", "--tls", "--data", "data")
    assert ended.returncode == 1
    assert f"{tmp_path}/data/{name} cannot be" in ended.stderr
    assert SAID in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [("check", "link"), (*SERVE, "--seed", "link"), (*SERVE, "--tls-cert", "link", "--tls-key", "link"),
     ("serve", "--port", "0", "--data", "link")],
    ids=" ".join,
)  # fmt: skip
def test_a_link_that_leads_nowhere_says_where_to(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "link").symlink_to("gone")
    ended = run(tmp_path, *arguments)
    assert ended.returncode in (1, 2)
    assert "this is a link to gone, which does not exist" in ended.stderr
    assert "did you mean" not in ended.stderr
