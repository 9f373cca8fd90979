"""docs/django.md: a project whose users log in, by mozilla-django-oidc."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devidp import DevIdP
from tests.cli.running import Running
from tests.frameworks.project import DEVIDP, Page
from tests.real_clients.browser import Browser

pytest_plugins = ["pytester"]
PAGE = Page("django.md")
GAPS = ("id-expired", "id-audience-wrong", "id-issuer-wrong", "id-sub-other")
pytestmark = pytest.mark.slow


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    PAGE.write(pytester.path)
    return pytester.path


def test_its_tests_pass_and_find_the_gaps_that_the_page_names(project: Path, pytester: pytest.Pytester) -> None:
    tests = (project / "test_login.py").read_text()
    assert all(f"`{gap}`" in PAGE.text for gap in GAPS)
    (project / "test_gaps.py").write_text(tests.replace('"id-alg-none"', ", ".join(map(repr, GAPS))))
    plugins = ("-p", "devidp.pytest_plugin", "-p", "pytest_django.plugin", "-p", "no:cacheprovider")
    found = pytester.runpytest_subprocess(*plugins, "-q")
    found.assert_outcomes(passed=5 + 4, failed=len(GAPS))
    found.stdout.fnmatch_lines([f"FAILED test_gaps.py::*{gap}*" for gap in GAPS])


@pytest.fixture
def address(project: Path) -> Iterator[str]:
    """Where the project runs, as the page starts it."""
    with DevIdP(project / "seed.yaml") as idp, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        PAGE.write(project, {DEVIDP: idp.url})
        admin = (sys.executable, "-m", "django")
        arguments = PAGE.command("runserver").split()[1:]
        subprocess.run([*admin, *PAGE.command("migrate").split()[1:]], cwd=project, check=True, capture_output=True)
        free.close()
        server = Running(project, *arguments, "--noreload", f"127.0.0.1:{port}", command=admin)
        yield f"http://localhost:{port}/"
        server.kill()


def test_by_hand_a_person_logs_in(address: str) -> None:
    browser = Browser()
    page = browser.press(browser.press(browser.visit(address), "Bob Brown"), "Allow")
    assert (page.address, page.text) == (address, "Hello bob@globex.example")
    browser.close()
