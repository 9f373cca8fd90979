"""docs/django.md: a project whose users log in, by mozilla-django-oidc."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devidp import DevIdP
from tests.frameworks.project import DEVIDP, Page, pytest_in, serving
from tests.real_clients.browser import Browser

PAGE = Page("django.md")
GAPS = ("id-expired", "id-audience-wrong", "id-issuer-wrong", "id-sub-other")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_its_tests_pass_and_find_the_gaps_that_the_page_names(tmp_path: Path) -> None:
    assert all(f"`{gap}`" in PAGE.text for gap in GAPS)
    PAGE.write(tmp_path)
    tests = (tmp_path / "test_login.py").read_text()
    (tmp_path / "test_gaps.py").write_text(tests.replace('"id-alg-none"', ", ".join(map(repr, GAPS))))
    output = pytest_in(tmp_path, "pytest_django.plugin")
    assert f"{len(GAPS)} failed, 9 passed" in output, output
    assert set(re.findall(r"FAILED test_gaps\.py::\w+\[([\w-]+)\]", output)) == set(GAPS)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the project runs, as the page starts it."""
    PAGE.write(tmp_path)
    with DevIdP(tmp_path / "seed.yaml") as idp:
        PAGE.write(tmp_path, {DEVIDP: idp.url})
        admin = f"{sys.executable} -m django"
        migrate, runserver = (PAGE.command(word).partition("django-admin")[2] for word in ("migrate", "runserver"))
        subprocess.run(["sh", "-c", f"{admin}{migrate}"], cwd=tmp_path, check=True, capture_output=True)
        with serving(tmp_path, lambda port: f"{admin}{runserver} --noreload 127.0.0.1:{port}") as url:
            yield f"{url}/"


def test_by_hand_a_person_logs_in(address: str) -> None:
    browser = Browser()
    page = browser.press(browser.press(browser.visit(address), "Bob Brown"), "Allow")
    assert (page.address, page.text) == (address, "Hello bob@globex.example")
    browser.close()
