"""Shell completion, as docs/cli.md says to switch it on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from devidp import DevIdP
from tests.cli.running import DEADLINE, SCRIPT, environment, run


def completed(home: Path, *words: str) -> list[str]:
    """What a shell is told for a line of which the last word is being typed."""
    line = " ".join(("devidp", *words))
    answer = run(home, _DEVIDP_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(words)))
    return [suggestion.split(",", 1)[1] for suggestion in answer.stdout.split()]


@pytest.mark.parametrize(
    ("words", "suggested"),
    [
        (("to",), ["token", "tokens"]),
        (("ev",), ["events"]),
        (("clock", "adv"), ["advance"]),
        (("token", "--fau"), ["--fault"]),
        (("serve", "--mem"), ["--memory"]),
    ],
)
def test_commands_and_options_are_completed(tmp_path: Path, words: tuple[str, ...], suggested: list[str]) -> None:
    assert completed(tmp_path, *words) == suggested


@pytest.mark.parametrize(
    ("words", "suggested"),
    [
        (("arm", "audience-mis"), "audience-missing"),
        (("token", "--fault", "signature-"), "signature-zero"),
        (("faults", "ti"), "time"),
        (("fail", "jw"), "jwks"),
        (("fail", "jwks", "keys-e"), "keys-empty"),
        (("events", "--where", "reso"), "resource="),
        (("events", "--endpoint", "unk"), "unknown"),
        (("connect", "claude-c"), "claude-code"),
    ],
)
def test_names_of_catalogues_are_completed(tmp_path: Path, words: tuple[str, ...], suggested: str) -> None:
    assert suggested in completed(tmp_path, *words)


def test_a_failure_is_completed_where_its_endpoint_has_it(tmp_path: Path) -> None:
    assert "keys-empty" not in completed(tmp_path, "fail", "token", "keys-e")


def test_names_that_the_running_devidp_knows_are_completed(tmp_path: Path) -> None:
    with DevIdP(
        {"users": {"zoë": {}, "carol": {}}, "clients": {"desk": {"secret": "s", "grants": ["client_credentials"]}}}
    ) as idp:
        port = idp.url.rpartition(":")[2]
        for words in (("users", "--port", port, "disable"), ("arm", "--port", port, "--user")):
            assert completed(tmp_path, *words, "c") == ["carol"]
        assert completed(tmp_path, "clients", "--port", port, "show", "") == ["desk"]
        assert completed(tmp_path, "keys", "--port", port, "retire", "") == [idp.keys.active().kid]
        assert completed(tmp_path, "token", "--url", idp.url, "--client", "d") == ["desk"]


def test_where_no_devidp_answers_nothing_is_completed_and_nothing_is_said(tmp_path: Path) -> None:
    assert completed(tmp_path, "users", "--port", "1", "disable", "") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_printed(tmp_path: Path, shell: str) -> None:
    printed = run(tmp_path, _DEVIDP_COMPLETE=f"{shell}_source")
    assert printed.returncode == 0, printed.stderr
    assert "_DEVIDP_COMPLETE" in printed.stdout


def test_bash_takes_the_line_of_the_documentation(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash, "bash is not installed, and completion is tried in it"
    line = f'eval "$(_DEVIDP_COMPLETE=bash_source {SCRIPT})"; complete -p devidp'
    done = subprocess.run(
        [bash, "-c", line], env=environment(tmp_path), cwd=tmp_path, capture_output=True, text=True, timeout=DEADLINE
    )
    assert "_devidp_completion devidp" in done.stdout, done.stderr
