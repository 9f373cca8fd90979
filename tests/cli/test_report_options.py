"""What ``devidp judge`` and ``devidp probe`` do with a report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import RawIOBase
from pathlib import Path

import pytest

from devidp.report import Report
from tests.cli.running import SCRIPT, environment, run
from tests.real_clients.program import ROOT

CLIENT = f"{sys.executable} -m tests.judge.programs.tool_caller {{url}}"
JUDGE = ("judge", "--client", CLIENT, "--scenario", "resource-drops")
"""Finds one thing that is wrong, of low severity."""
FOUND = "gave-up-on-resource-drops"


def devidp(home: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return run(home, *arguments, PYTHONPATH=str(ROOT), **extra)


def test_what_was_found_fails_until_a_baseline_accepts_it(tmp_path: Path) -> None:
    failed = devidp(tmp_path, *JUDGE, "--fail-on", "advice", FORCE_COLOR="1")
    assert failed.returncode == 1
    assert f"advice\x1b[0m    {FOUND}  " in failed.stdout, "the severity has a colour"

    saved = devidp(tmp_path, *JUDGE, "--fail-on", "advice", "--save-baseline", "known.json")
    assert saved.returncode == 0
    assert "Wrote known.json." in saved.stderr
    assert [each["id"] for each in json.loads((tmp_path / "known.json").read_text())["accepted"]] == [FOUND]

    known = devidp(tmp_path, *JUDGE, "--fail-on", "advice", "--baseline", "known.json", "--json")
    assert known.returncode == 0
    assert Report.from_json(known.stdout).accepted == {FOUND}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--baseline", "none.json"],
            "none.json cannot be read: No such file or directory. --save",
        ),
        (["--baseline", "bad.json"], "bad.json: got [], expected"),
        (["--baseline", "bad.json", "--html", "bad.json"], "--baseline bad.json is the file of a report too"),
        (["--save-baseline", "gone/known.json"], "there is no folder gone"),
        (["--json", "--save-baseline", "-"], "two reports are to be written to stdout"),
        (["--fail-on", "worst"], "'worst' is not one of"),
    ],
)
def test_files_that_cannot_be_used_are_refused_before_anything_is_tried(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text("[]")
    refused = devidp(tmp_path, *JUDGE, *arguments)
    assert refused.returncode == 2
    assert said in refused.stderr


def test_a_terminal_has_a_progress_bar_and_colours(tmp_path: Path) -> None:
    terminal, ours = os.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as reading, subprocess.Popen(
        [SCRIPT, *JUDGE, "--fail-on", "never"], stdin=ours, stdout=ours, stderr=ours, cwd=tmp_path,
        env=environment(tmp_path, {"PYTHONPATH": str(ROOT), "TERM": "xterm"}),
    ) as process:  # fmt: skip
        os.close(ours)
        shown = b"".join(iter(lambda: _read(reading), b"")).decode()
    assert process.returncode == 0, shown
    assert "100%" in shown
    assert "\x1b[2madvice" in shown


def _read(terminal: RawIOBase) -> bytes:
    try:
        return terminal.read(4096) or b""
    except OSError:  # whoever wrote has ended
        return b""
