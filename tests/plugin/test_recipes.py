"""The recipes of docs/pytest.md, run as they stand: which faults they find in the servers that they show."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.real_clients.program import ROOT, python_of
from tests.real_clients.recipes import recipes

pytest_plugins = ["pytester"]
RECIPES = recipes("docs/pytest.md", "python")
INSTALLED = recipes("docs/pytest.md", "sh")
PLUGINS = ("-p", "devidp.pytest_plugin", "-p", "no:cacheprovider")
SUITES = ("FastAPI with PyJWT", "MCP Python SDK")
"""Those that are to stay short enough to be copied: under 35 lines of code, with the server that they test."""


@pytest.fixture(autouse=True)
def _without_the_options_of_this_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def run(pytester: pytest.Pytester, title: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(test_recipe=RECIPES[title])
    return pytester.runpytest_subprocess(*PLUGINS, *options, "-q", "-rf", "--tb=no")


@pytest.mark.parametrize(
    ("title", "least"),
    [
        ("FastAPI with PyJWT", 110),
        ("MCP Python SDK", 110),
        ("Starlette with joserfc", 90),
        ("Flask with Authlib", 100),
        ("Django", 40),
    ],
)
def test_the_catalogue_passes_at_a_good_server(pytester: pytest.Pytester, title: str, least: int) -> None:
    outcomes = run(pytester, title).parseoutcomes()
    assert outcomes.keys() <= {"passed", "warnings"}, outcomes
    assert outcomes["passed"] >= least


def without_gaps(title: str) -> str:
    """The recipe with the faults alone that it takes away."""
    marker = '@pytest.mark.devidp_faults("must", *GAPS)'
    assert marker in RECIPES[title]
    return RECIPES[title].replace(marker, '@pytest.mark.devidp_faults("must", *(each[1:] for each in GAPS))')


def failed(output: str) -> set[str]:
    assert "FAILED test_recipe.py::test_sound" not in output, output
    return set(re.findall(r"FAILED test_recipe\.py::test_fault\[([a-z0-9-]+)\]", output))


def test_what_a_recipe_takes_away_is_a_gap_of_the_library(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_recipe=without_gaps("Flask with Authlib"))
    output = pytester.runpytest_subprocess(*PLUGINS, "-q", "-rf", "--tb=no").stdout.str()
    assert failed(output) == {"crit-empty", "typ-missing", "scope-empty", "scope-null", "scope-number"}


def test_a_verifier_that_checks_no_types_fails(pytester: pytest.Pytester) -> None:
    careless = re.sub(r"typed = all\(.*\n", "typed = True\n", RECIPES["FastAPI with PyJWT"])
    pytester.makepyfile(test_recipe=careless)
    output = pytester.runpytest_subprocess(*PLUGINS, "--devidp-faults=time,confusion", "-q", "-rf", "--tb=no")
    assert {"exp-missing", "exp-string", "iat-string", "sub-missing"} <= failed(output.stdout.str())


@pytest.mark.slow
@pytest.mark.parametrize("gaps", [False, True], ids=["recipe", "gaps"])
def test_the_recipe_for_fastmcp(tmp_path: Path, gaps: bool) -> None:
    (tmp_path / "test_recipe.py").write_text(without_gaps("FastMCP") if gaps else RECIPES["FastMCP"])
    command: list[str | Path] = [
        python_of(".venv-fastmcp"), "-m", "pytest", *PLUGINS, "-q", "-rf", "--tb=no", "--rootdir", tmp_path, tmp_path,
    ]  # fmt: skip
    found = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=240
    )
    if gaps:
        assert re.search(r"25 failed, 1 passed", found.stdout), found.stdout
    else:
        assert re.search(r"^\d+ passed", found.stdout, re.MULTILINE), found.stdout


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
def test_a_whole_suite_is_under_35_lines_of_code(title: str) -> None:
    assert len([line for line in RECIPES[title].splitlines() if line.strip()]) < 35


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
    for outcome, answer in (("pass", "code="), ("fail", "error=access_denied")):
        page.goto(application)
        page.goto(f"{page.url}&acr_values=2")
        with page.expect_request(lambda request: answer in request.url):
            devidp.complete_login(page, user="alice", second_factor=outcome)
        page.context.clear_cookies()
    page.goto(application)
    with pytest.raises(LoginFailed, match="'mallory' cannot log in"):
        devidp.complete_login(page, user="mallory")
    with pytest.raises(LoginFailed, match="got consent to 'mcp:raed', expected one of: profile"):
        devidp.complete_login(page, user="bob", consent=["mcp:raed"])


def test_two_clicks_by_their_words(devidp, page, application):
    page.goto(application)
    page.get_by_role("button", name="Log in as Bob Brown").click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{application}/callback?*")
    assert page.inner_text("body") == "bob"
"""


@pytest.mark.slow
def test_the_recipe_for_playwright_logs_in_with_a_real_browser(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(PAGE)
    pytester.makepyfile(test_recipe=RECIPES["Playwright"] + DECISIONS)
    pytester.runpytest_subprocess(*PLUGINS, "-q").assert_outcomes(passed=3)


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_says_what_to_install_and_that_is_what_it_imports(title: str) -> None:
    imports = {name.partition(".")[0] for name in re.findall(r"(?m)^(?:from|import) (\S+)", RECIPES[title])}
    others = imports - set(sys.stdlib_module_names) - {"pytest", "devidp"}
    line = next((each for each in INSTALLED.get(title, "").splitlines() if each.startswith("pip install ")), "")
    named = {word.partition("[")[0] for word in shlex.split(line)[2:]}
    providers = {name: {each.lower() for each in packages_distributions().get(name, [name])} for name in others}
    missing = [name for name, packages in providers.items() if not packages & (named | brought_by(named))]
    assert missing == []
    assert bool(named) == bool(others)


def brought_by(packages: set[str]) -> set[str]:
    """What these require, always."""
    found = set()
    for package in packages:
        try:
            found |= {Requirement(each).name.lower() for each in requires(package) or [] if "extra ==" not in each}
        except PackageNotFoundError:
            continue  # FastMCP has an environment of its own
    return found


def test_the_ini_options_of_the_page_are_those_of_the_plugin(pytestconfig: pytest.Config) -> None:
    block = recipes("docs/pytest.md", "toml")["Address, TLS and seed"]
    for name in tomllib.loads(block)["tool"]["pytest"]["ini_options"]:
        pytestconfig.getini(name)  # raises ValueError where the plugin has none of this name
