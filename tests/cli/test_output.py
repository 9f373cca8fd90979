"""Commands where their output goes nowhere, and where another server than devidp answers: a sentence, no traceback."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask, Response

from devidp.cli.main import main
from tests.cli.running import DEADLINE, SCRIPT, environment
from tests.serving import wsgi_served

CALLING = [
    ("token",), ("arm",), ("arm", "expired"), ("fail",), ("fail", "jwks", "keys-empty"), ("clock",), ("keys",),
    ("users",), ("users", "disable", "bob"), ("users", "revoke", "bob"), ("clients",), ("flows",),
    ("events",), ("events", "--follow"), ("reset",),
]  # fmt: skip
ANSWERS = {
    "a page": (200, "text/html", b"<html><body>hello</body></html>"),
    "a list": (200, "application/json", b"[]"),
    "another object": (200, "application/json", b'{"users": "x", "clients": [1], "events": {}, "keys": null}'),
    "not found": (404, "application/json", b'{"error": "not_found"}'),
    "a redirect": (302, "text/html", b""),
    "a refusal without reasons": (500, "text/plain", b"\xff\xfe"),
}


@contextmanager
def another_server(status: int, content_type: str, body: bytes) -> Iterator[str]:
    """A server that answers everything alike."""
    headers = {"Content-Type": content_type, "Location": "http://127.0.0.1:9/"}
    app = Flask("another")
    app.before_request(lambda: Response(body, status, headers))
    with wsgi_served(lambda _: app) as (url, _):
        yield url


def typed(*arguments: str) -> Result:
    """What a command does, in this process; an exception that it does not report itself is raised."""
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def ended(home: Path, *arguments: str, stdout: int, stderr: int = subprocess.PIPE) -> tuple[int, str]:
    """Exit status, and what stderr got."""
    done = subprocess.run(
        [SCRIPT, *arguments], env=environment(home), cwd=home, stdout=stdout, stderr=stderr, text=True, timeout=DEADLINE
    )
    return done.returncode, done.stderr or ""


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("faults",), ("schema",), ("connect", "curl")])
def test_output_that_cannot_be_written_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        assert ended(tmp_path, *arguments, stdout=full) == (
            1,
            "Error: the output cannot be written: No space left on device\n",
        )
        assert ended(tmp_path, *arguments, stdout=full, stderr=full)[0] == 1
    finally:
        os.close(full)


@pytest.mark.parametrize("arguments", [("--help",), ("faults", "--json"), ("schema",)])
def test_a_reader_that_has_left_ends_a_command_without_a_word(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert ended(tmp_path, *arguments, stdout=writing) == (1, "")
    finally:
        os.close(writing)


@pytest.mark.parametrize("answer", ANSWERS)
def test_another_server_is_not_taken_for_devidp(answer: str) -> None:
    with another_server(*ANSWERS[answer]) as url:
        for arguments in CALLING if answer == "another object" else CALLING[:1]:
            done = typed(*arguments, "--url", url)
            assert (done.exit_code, done.stdout) == (1, ""), arguments
            assert done.stderr == (
                f"Error: {url} answered {ANSWERS[answer][0]}, but not as devidp does: another server is there. "
                "Say where devidp is with --url or --port\n"
            )


@pytest.mark.parametrize("answer", ANSWERS)
def test_another_server_is_not_healthy(answer: str) -> None:
    with another_server(*ANSWERS[answer]) as url:
        done = typed("health", "--url", url)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("unhealthy: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "body", [b"[]", b"<html>", b'{"jwks_uri": 5}', b'{"jwks_uri": "http://["}', b"[" * 100_000, b"{}"]
)
def test_a_token_is_explained_where_the_keys_of_its_issuer_cannot_be_had(body: bytes) -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
    with another_server(200, "application/json", body) as url:
        done = typed("decode", token, "--issuer", url)
    assert done.exit_code == 1
    assert "the signature is not checked" in done.stderr
    assert "verdict" in done.stdout


@pytest.mark.parametrize("url", ["http://[::1", "http://ä..b", "http://127.0.0.1:99999", "http://u:p@h", "http://h?x"])
def test_a_url_that_cannot_be_asked_is_a_sentence(url: str) -> None:
    done = typed("clock", "--url", url)
    assert done.exit_code in (1, 2)
    assert "Error: " in done.stderr


def test_a_control_token_that_no_header_can_hold_is_a_sentence() -> None:
    with another_server(200, "text/plain", b"") as url:
        done = typed("clock", "--url", url, "--control-token", "a\nb")
    assert done.exit_code == 1
    assert "cannot be sent" in done.stderr
