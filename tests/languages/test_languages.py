"""The examples of docs/languages.md, run as they stand at other addresses."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.real_clients.program import ROOT
from tests.real_clients.recipes import DEVIDP, SERVER, recipes

PAGE = "docs/languages.md"
PACKAGES = ROOT / "tests" / "faults" / "node" / "node_modules"
CHECKED = {"expired: 401", "audience-wrong: 401", "scope-empty: 403"}
COMPILED = {
    "Go": ("go", "main.go", "go run main.go"),
    "Java": ("java", "Faults.java", "java Faults.java"),
    "Rust": ("rust", "main.rs", "rustc -o faults main.rs && ./faults"),
}
"""The language of the block, the file that it is written to, and the command that runs it."""
INTERPRETED = {
    "Node": ("js", "catalogue.test.mjs", "node --test catalogue.test.mjs"),
    "Shell": ("sh", "a.sh", "sh a.sh"),
}
PRESENT = [
    title for title, (_, _, command) in COMPILED.items() if os.environ.get("CI") or shutil.which(command.split()[0])
]
"""With CI=true a language that is not installed is a failure."""


def ran(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=540)


def placed(code: str, devidp: str, api: str | None = None) -> str:
    """``code`` with the address of devidp, and with that of the API where it is called over HTTP."""
    moved = code.replace(DEVIDP, devidp)
    return moved if api is None else moved.replace(SERVER, api)


@pytest.mark.slow
@pytest.mark.timeout(600)  # the first program of Go on a machine waits for its standard library to be compiled
@pytest.mark.parametrize("title", PRESENT)
def test_a_compiled_example_checks_what_the_api_answers(
    title: str, devidp_url: str, api_url: str, tmp_path: Path
) -> None:
    language, file, command = COMPILED[title]
    (tmp_path / file).write_text(placed(recipes(PAGE, language)[title], devidp_url, api_url))
    done = ran(["sh", "-c", command], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(done.stdout.splitlines()) == CHECKED


def test_the_shell_example_checks_what_the_api_answers(devidp_url: str, api_url: str, tmp_path: Path) -> None:
    done = ran(["sh", "-c", placed(recipes(PAGE, "sh")["Shell"], devidp_url, api_url)], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(done.stdout.splitlines()) == CHECKED


def test_the_node_suite_runs_the_catalogue_and_finds_what_jose_lets_in(devidp_url: str, tmp_path: Path) -> None:
    assert shutil.which("node"), "Node is not installed, and the examples need it"
    assert PACKAGES.is_dir(), "jose is not installed: run `make test-setup`"
    (tmp_path / "node_modules").symlink_to(PACKAGES)
    (tmp_path / "catalogue.test.mjs").write_text(placed(recipes(PAGE, "js")["Node"], devidp_url))
    output = ran(["node", "--test", "--test-reporter=tap", "catalogue.test.mjs"], tmp_path).stdout
    verdicts = {name: verdict for verdict, name in re.findall(r"(?m)^\s*(ok|not ok) \d+ - ([a-z0-9-]+)$", output)}
    assert len(verdicts) > 140, output
    let_in = {"exp-missing", "typ-missing", "revoked"}
    refused = {"expired", "audience-wrong", "issuer-missing", "alg-none", "scope-missing"}
    assert {verdicts[name] for name in let_in} == {"not ok"}
    assert {verdicts[name] for name in ("sound", *refused)} == {"ok"}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("title", ["Node", "Shell", *PRESENT])
def test_no_example_waits_for_ever_for_a_server_that_says_nothing(title: str, tmp_path: Path) -> None:
    language, file, command = {**COMPILED, **INTERPRETED}[title]
    code = recipes(PAGE, language)[title]
    hasty = re.sub(r"\b10(_000)?\b", r"1\1", code)
    assert hasty != code
    with socket.create_server(("127.0.0.1", 0), backlog=9) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        (tmp_path / file).write_text(placed(hasty, url, url))
        (tmp_path / "node_modules").symlink_to(PACKAGES)
        assert ran(["sh", "-c", command], tmp_path).returncode != 0


def test_the_node_suite_is_under_30_lines_of_code() -> None:
    assert len([line for line in recipes(PAGE, "js")["Node"].splitlines() if line]) < 30


def test_every_language_of_the_page_is_run_by_a_test() -> None:
    headings = re.findall(r"(?m)^## (.+)$", (ROOT / PAGE).read_text(encoding="utf-8"))
    assert set(headings) == {"Node", "Shell", *COMPILED}
