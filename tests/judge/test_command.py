"""``devidp judge``: the client is a command of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from devidp.judge.dialogue import LONGEST, Dialogue
from tests.cli.running import run
from tests.real_clients.program import ROOT

CLIENT = f"{sys.executable} -m tests.judge.programs.tool_caller {{url}}"


def judge(tmp_path: Path, *arguments: str) -> tuple[int, str, str]:
    ended = run(tmp_path, "judge", *arguments, PYTHONPATH=str(ROOT))
    return ended.returncode, ended.stdout, ended.stderr


def test_a_command_is_run_for_each_scenario_with_a_user_who_logs_in(tmp_path: Path) -> None:
    chosen = ["resource-challenge-missing", "resource-metadata-of-another", "resource-drops"]
    names = [part for name in chosen for part in ("--scenario", name)]
    status, out, err = judge(tmp_path, "--client", CLIENT, "--json", *names)
    assert (status, err) == (0, "")
    assert [(check["outcome"], check["name"]) for check in json.loads(out)["checks"]] == [
        ("passed", "resource-metadata-of-another"),
        ("passed", "resource-challenge-missing"),
        ("failed", "resource-drops"),
    ]


def test_a_command_that_fails_soundly_is_not_judged(tmp_path: Path) -> None:
    status, out, _ = judge(tmp_path, "--client", f"{sys.executable} -c 'raise SystemExit(3)' {{url}}")
    assert status == 1
    assert "Nothing can be concluded\n  the client sent nothing" in out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--client", "true"], "expected a command with {url} in it"),
        (["--client", "no-such-program {url}"], "got the command 'no-such-program', expected a program that is there"),
        (["--client", "true {url}", "--scenario", "iss-wrogn"], "got 'iss-wrogn', expected the name"),
        (["--client", "true {url}", "--user", "nobody"], "got the user 'nobody', expected one of: alice"),
        (["--client", "true {url}", "--issuer", "nowhere"], "got the issuer 'nowhere', expected one of: http"),
        (["--client", "true {url}", "--port", "1"], "no devidp answers at http://127.0.0.1:1"),
    ],
)
def test_what_cannot_be_judged_is_refused_by_name(tmp_path: Path, arguments: list[str], problem: str) -> None:
    status, _, err = judge(tmp_path, *arguments)
    assert status == (1 if "--port" in arguments else 2)
    assert problem in err


def test_the_scenarios_are_listed_with_what_a_client_has_to_do(tmp_path: Path) -> None:
    listed = json.loads(judge(tmp_path, "--list", "--json")[1])["scenarios"]
    by_name = {each["name"]: each for each in listed}
    assert by_name["resource-html"]["duty"] == "report"
    assert by_name["id-expired"]["clients"] == "oidc"
    assert len(by_name) == len(listed)


def test_the_log_of_devidp_does_not_come_between(tmp_path: Path) -> None:
    status, out, err = judge(tmp_path, "--client", CLIENT, "--scenario", "code-changed")
    assert (status, err) == (0, "")
    assert "1 passed" in out


def test_what_a_client_leaves_running_is_not_waited_for(tmp_path: Path) -> None:
    """It is in a session of its own, and holds the pipe of the client open."""
    client, left, ended = (tmp_path / name for name in ("client.py", "left", "ended"))
    sleeper = f"import pathlib, time; time.sleep(60); pathlib.Path({str(ended)!r}).touch()"
    client.write_text(
        "import pathlib, subprocess, sys\n"
        f"left = subprocess.Popen([sys.executable, '-c', {sleeper!r}], start_new_session=True)\n"
        f"pathlib.Path({str(left)!r}).write_text(str(left.pid))\n"
        "sys.exit(3)\n"
    )
    status, out, _ = judge(tmp_path, "--client", f"{sys.executable} {client} {{url}}")
    assert not ended.exists()
    os.kill(int(left.read_text()), signal.SIGTERM)
    assert status == 1
    assert "the client sent nothing" in out


def test_a_line_that_never_ends_is_read_in_pieces() -> None:
    program = f"import time; print('x' * {3 * LONGEST}, end='', flush=True); time.sleep(60)"
    words = [sys.executable, "-c", program]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        dialogue = Dialogue(process)
        for _ in range(20):
            if not dialogue.output:
                dialogue.wait()
        read = len(dialogue.output)
        process.kill()
    assert 0 < read <= LONGEST
