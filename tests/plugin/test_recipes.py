"""The recipes of docs/pytest.md, run as they stand: which faults they find in the servers that they show."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.real_clients.program import ROOT, python_of
from tests.real_clients.recipes import recipes

pytest_plugins = ["pytester"]
RECIPES = recipes("docs/pytest.md", "python")
PLUGINS = ("-p", "devidp.pytest_plugin", "-p", "no:cacheprovider")
SUITES = ("FastAPI with PyJWT", "MCP Python SDK")
"""Those that are to stay short enough to be copied: under 30 lines of code, with the server that they test."""


@pytest.fixture(autouse=True)
def _without_the_options_of_this_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def run(pytester: pytest.Pytester, title: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(test_recipe=RECIPES[title])
    return pytester.runpytest_subprocess(*PLUGINS, *options, "-q", "-rf", "--tb=no")


def gaps(output: str) -> set[str]:
    """The faults whose tests failed, in a run in which the sound token was let in."""
    assert re.search(r"\d+ failed, \d+ passed", output), output
    assert "FAILED test_recipe.py::test_sound" not in output, output
    return set(re.findall(r"FAILED test_recipe\.py::test_fault\[([a-z0-9-]+)\]", output))


@pytest.mark.parametrize(
    ("title", "found", "refused"),
    [
        ("FastAPI with PyJWT", {"exp-missing", "typ-missing", "scope-empty", "revoked"}, {"expired", "audience-wrong"}),
        (
            "MCP Python SDK",
            {"exp-missing", "scope-empty", "scope-case", "scope-missing", "client-id-missing", "revoked"},
            {"expired", "expired-10s", "audience-wrong", "issuer-host-case", "alg-none", "refresh-token"},
        ),
        ("Starlette with joserfc", {"typ-missing", "kid-missing"}, {"exp-missing", "exp-string", "alg-none"}),
        ("Flask with Authlib", {"scope-empty", "scope-number"}, {"exp-missing", "typ-wrong", "scope-missing"}),
        ("Django", {"exp-missing"}, {"expired", "issuer-wrong", "audience-missing"}),
    ],
)
def test_a_recipe_finds_the_gaps_of_its_server(
    pytester: pytest.Pytester, title: str, found: set[str], refused: set[str]
) -> None:
    failed = gaps(run(pytester, title).stdout.str())
    assert found <= failed
    assert not refused & failed


@pytest.mark.slow
def test_the_recipe_for_fastmcp_finds_its_gaps(tmp_path: Path) -> None:
    (tmp_path / "test_recipe.py").write_text(RECIPES["FastMCP"])
    command: list[str | Path] = [
        python_of(".venv-fastmcp"),
        "-m",
        "pytest",
        *PLUGINS,
        "-q",
        "-rf",
        "--tb=no",
        "--rootdir",
        tmp_path,
    ]
    found = subprocess.run(
        [*command, tmp_path],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    failed = gaps(found.stdout)
    assert {"nbf-future", "exp-missing", "scope-empty"} <= failed
    assert not {"expired", "audience-wrong", "issuer-wrong", "alg-none"} & failed


@pytest.mark.parametrize(
    ("title", "options", "passed"),
    [
        ("An application that lives as long as the session", (), 2),
        ("Address, TLS and seed", (), 1),
        ("The login of your application", (), 2),
        ("Without a network", (), 1),
        ("unittest", (), 2),
        ("Event loops", ("-p", "anyio.pytest_plugin"), 1),
    ],
)
def test_a_recipe_passes(pytester: pytest.Pytester, title: str, options: tuple[str, ...], passed: int) -> None:
    run(pytester, title, *options).assert_outcomes(passed=passed)


@pytest.mark.parametrize("title", SUITES)
def test_a_whole_suite_is_under_30_lines_of_code(title: str) -> None:
    assert len([line for line in RECIPES[title].splitlines() if line.strip()]) < 30


def test_every_recipe_is_run_by_a_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [title for title in RECIPES if f'"{title}"' not in source] == []


PAGE = """
import os
import shutil

import pytest
from playwright.sync_api import sync_playwright


@pytest.fixture
def page():
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=found) as browser:
        yield browser.new_page()
"""
"""The fixture of pytest-playwright, for the browser of the system."""
DECISIONS = """

def test_decisions(devidp, page, application):
    from devidp import LoginFailed
    page.goto(application)
    devidp.complete_login(page, user="alice", consent=[])
    assert devidp.assert_seen("token", user="alice").scope == "openid"
    page.context.clear_cookies()
    page.goto(application)
    devidp.complete_login(page, user="bob", deny=True)
    assert "error=access_denied" in page.url
    page.context.clear_cookies()
    page.goto(application)
    with pytest.raises(LoginFailed, match="'mallory' cannot log in"):
        devidp.complete_login(page, user="mallory")
    with pytest.raises(LoginFailed, match="got consent to 'mcp:raed', expected one of: profile"):
        devidp.complete_login(page, user="bob", consent=["mcp:raed"])
"""


@pytest.mark.slow
def test_the_recipe_for_playwright_logs_in_with_a_real_browser(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(PAGE)
    pytester.makepyfile(test_recipe=RECIPES["Playwright"] + DECISIONS)
    pytester.runpytest_subprocess(*PLUGINS, "-q").assert_outcomes(passed=2)


def test_the_ini_options_of_the_page_are_those_of_the_plugin(pytestconfig: pytest.Config) -> None:
    block = recipes("docs/pytest.md", "toml")["Address, TLS and seed"]
    for name in tomllib.loads(block)["tool"]["pytest"]["ini_options"]:
        pytestconfig.getini(name)  # raises ValueError where the plugin has none of this name
