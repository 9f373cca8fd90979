"""The GitHub Action: its steps, run as a runner runs them."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

from devidp.report import Report
from tests.cli.running import SCRIPT, environment
from tests.real_clients.program import ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
INSTALL, PROBE = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{ *([\w.-]+) *\}\}")
SERVER = """
import sys
from wsgiref.simple_server import make_server
import jwt

def app(environ, start_response):
    scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    try:
        assert scheme.lower() == "bearer"
        KEYS.get_signing_key_from_jwt(token)
        jwt.decode(token, options={"verify_signature": False, "verify_exp": True})  # careless
    except (jwt.PyJWTError, AssertionError):
        start_response("401 Unauthorized", [("WWW-Authenticate", "Bearer")])
        return [b""]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]

KEYS = jwt.PyJWKClient(f"{sys.argv[1]}/.well-known/jwks.json")
make_server("127.0.0.1", int(sys.argv[2]), app).serve_forever()
"""
FAKE = """#!/bin/bash
if [ "$2" = venv ]; then
  mkdir -p "$3/bin"
  cp "$0" "$3/bin/python"
else
  echo "$*" >> "$RUNNER_TEMP/asked"
fi
"""
pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def values(inputs: dict[str, str], outputs: dict[str, str]) -> dict[str, str]:
    defaults = {name: str(entry.get("default", "")) for name, entry in ACTION["inputs"].items()}
    assert set(inputs) <= set(defaults)
    given = {f"inputs.{name}": value for name, value in {**defaults, **inputs}.items()}
    return {**given, **{f"steps.install.outputs.{name}": value for name, value in outputs.items()}}


def step(step: dict[str, Any], home: Path, known: dict[str, str]) -> tuple[int, str, dict[str, str]]:
    """Exit status, what it printed, and its outputs."""
    files = {name: home / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    files["GITHUB_OUTPUT"].write_text("")
    variables = {name: EXPRESSION.sub(lambda at: known[at[1]], text) for name, text in step["env"].items()}
    places = {"RUNNER_TEMP": str(home), "GITHUB_ACTION_PATH": str(ROOT)}
    runner = places | {name: str(path) for name, path in files.items()}
    ended = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env=environment(home, {**variables, **runner}), cwd=home, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return ended.returncode, ended.stdout + ended.stderr, outputs


def action(home: Path, **inputs: str) -> tuple[int, str, dict[str, str]]:
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    status, said, installed = step(INSTALL, home, values(given, {}))
    assert (status, said) == (0, "")
    return step(PROBE, home, values(given, installed))


@pytest.fixture
def careless(tmp_path: Path) -> dict[str, str]:
    """The inputs for a server that verifies no signature."""
    port, server_port = free_port(), free_port()
    (tmp_path / "server.py").write_text(SERVER)
    run = f"'{sys.executable}' server.py http://localhost:{port}/default {server_port}"
    return {
        "url": f"http://127.0.0.1:{server_port}/notes", "run": run, "port": str(port), "devidp": SCRIPT,
        "audience": "http://localhost:8000/mcp", "arguments": "--only=signature\n--only=ground\n", "stack": "pyjwt",
    }  # fmt: skip


def test_a_careless_server_fails_the_job_and_every_report_is_there(tmp_path: Path, careless: dict[str, str]) -> None:
    status, said, outputs = action(tmp_path, **careless)
    assert (status, outputs["status"]) == (1, "1"), said
    report = Report.from_json((tmp_path / outputs["json"]).read_text())
    assert "accepted-signature-bad" in {finding.id for finding in report.findings}
    assert int(outputs["findings"]) == len(report.findings)
    assert json.loads((tmp_path / outputs["sarif"]).read_text())["version"] == "2.1.0"
    assert "<testsuites" in (tmp_path / outputs["junit"]).read_text()
    assert "<!doctype html>" in (tmp_path / outputs["html"]).read_text()
    summary = (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    assert "| critical | `accepted-signature-bad` |" in summary
    assert "def verified(token: str)" in summary
    assert set(outputs) == set(ACTION["outputs"])
    lines = [" ".join(each.info["cmdline"] or []) for each in psutil.process_iter(["cmdline"])]
    ours = [line for line in lines if careless["port"] in line]
    assert ours == [], "nothing goes on running"


def test_what_is_accepted_does_not_fail_the_job(tmp_path: Path, careless: dict[str, str]) -> None:
    status, said, outputs = action(tmp_path, fail_on="never", **careless)
    assert (status, outputs["status"]) == (0, "0"), said


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("echo no such module >&2; exit 3", "the server has ended"),
        ("sleep 60", "the server did not answer within 1 seconds"),
    ],
)
def test_a_server_that_does_not_start_is_shown(run: str, said: str, tmp_path: Path, careless: dict[str, str]) -> None:
    status, shown, _ = action(tmp_path, **{**careless, "run": run, "wait": "1" if "sleep" in run else "30"})
    assert status == 1
    assert f"::error::{said}" in shown
    assert ("no such module" in shown) == ("echo" in run)


def test_every_input_is_handed_over_by_the_environment() -> None:
    """In a script an input would be code."""
    for each in (INSTALL, PROBE):
        assert "${{" not in each["run"]
    texts = " ".join(text for each in (INSTALL, PROBE) for text in each["env"].values())
    used = {name.removeprefix("inputs.") for name in EXPRESSION.findall(texts) if name.startswith("inputs.")}
    assert used == set(ACTION["inputs"])


def test_it_installs_the_pinned_versions(tmp_path: Path) -> None:
    """With a Python that only says what it was asked."""
    fake = tmp_path / "python"
    fake.write_text(FAKE)
    fake.chmod(0o755)
    status, _, outputs = step(INSTALL, tmp_path, values({"url": "", "python": str(fake)}, {}))
    assert (status, outputs) == (0, {"devidp": f"{tmp_path}/devidp/bin/devidp"})
    asked = (tmp_path / "asked").read_text().split()
    assert asked[-3:] == ["--constraint", f"{ROOT}/tests/constraints.txt", str(ROOT)]
