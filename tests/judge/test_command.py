"""``devidp judge``: the client is a command of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

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
